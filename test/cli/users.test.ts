import { spawn, spawnSync } from "node:child_process";
import { describe, expect, it, onTestFinished } from "vitest";
import { parsePasswordHash, verifyPassword } from "../../src/sources/mqtt-broker/password.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { program } from "../support/gateway-program.ts";

async function isHashOf(text: string, password: string): Promise<boolean> {
  const hash = parsePasswordHash(text.trim());
  return hash !== undefined && (await verifyPassword(Buffer.from(password), hash));
}

/** Types at a terminal of its own; resolves with everything that it showed. */
function typeAtTerminal(
  typed: readonly string[],
): Promise<{ shown: string; status: number | null }> {
  const command = `${process.execPath} ${program} users hash`;
  const child = spawn("socat", ["-", `EXEC:"${command}",pty,setsid,ctty,stderr`]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let shown = "";
  const rest = [...typed];
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    shown += part;
    if (/(?:password|once more): $/.test(shown)) child.stdin.write(rest.shift() ?? "");
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ shown, status })));
}

describe("sluicegate users hash", () => {
  it("reads a pipe", async () => {
    const cwd = await openFolder();
    const { status, stderr, stdout } = await runCommand(["users", "hash"], {
      cwd,
      input: "pass word\n",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(await isHashOf(stdout, "pass word")).toBe(true);
    expect((await runCommand(["users", "hash"], { cwd })).status).toBe(2);
  });

  const hasSocat = spawnSync("socat", ["-V"]).status === 0;
  it.skipIf(!hasSocat)("shows nothing of what is typed at a terminal", async () => {
    const { shown } = await typeAtTerminal(["wrong\u0015hunterx\u007f2\r", "hunter2\r"]);
    expect(shown).not.toMatch(/hunter|wrong/);
    const hash = /\$7\$\S+/.exec(shown)?.[0] ?? "";
    expect(await isHashOf(hash, "hunter2")).toBe(true);
  });

  it.skipIf(!hasSocat)("takes only what was typed twice", async () => {
    const { shown } = await typeAtTerminal(["hunter2\r", "hunter3\r"]);
    expect(shown).not.toMatch(/hunter|\$7\$/);
  });
});
