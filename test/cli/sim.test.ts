import { expect, it } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";

it("sim ends in its time where no broker answers, and says why nothing was sent", async () => {
  const args = ["sim", "--url", "mqtt://127.0.0.1:1", "--every", "100ms", "--for", "1s"];
  const { status, stderr, stdout } = await runCommand(args, { cwd: await openFolder() });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^made [1-9]\d* {2}acknowledged 0 /);
  expect(stderr).toContain("not all was sent: connect ECONNREFUSED 127.0.0.1:1");
}, 25_000);
