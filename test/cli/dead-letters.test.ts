import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand } from "../support/command-line.ts";
import {
  append,
  attempts,
  idsOf,
  setUpAlerts,
  startNotifier,
  transition,
} from "../support/notifying.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 20_000 };

describe("dead letters", () => {
  test("are listed and sent again, and are none any more then", async () => {
    const { backbone, connection, url } = await setUpAlerts();
    let refused = true;
    const hook = await webhookServer(() => (refused ? 422 : 200));
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const notifier = await startNotifier(backbone, url, receivers);
    await append(connection, transition("f1", 1, 1));
    await expect.poll(() => attempts(connection, "hook"), patient).toEqual(["f1-1.1 dead-letter"]);
    await notifier.stop();
    const cwd = await tempFolder();
    const file = join(cwd, "sluicegate.yaml");
    const run = (...args: string[]) => runCommand(["dead-letters", ...args], { cwd });
    const site = { site: "a", gateway: { id: "hub" }, backbone: { servers: [url] } };
    await writeFile(file, JSON.stringify({ ...site, notify: { receivers } }));

    const listed = await run("list");
    expect(listed).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("hook f1-1.1 FIRING"),
    });

    expect(await run("resend", "hook")).toEqual({
      status: 1,
      stderr: "",
      stdout: "f1-1.1 left: answered 422\n",
    });
    refused = false;
    expect(await run("resend", "hook")).toEqual({
      status: 0,
      stderr: "",
      stdout: "f1-1.1 delivered\n",
    });

    expect(idsOf(hook.posts)).toEqual(["f1-1.1"]);
    expect(JSON.parse(hook.posts.at(-1)?.body ?? "")).toMatchObject({
      attempt: 3,
      late_by_receiver: true,
    });
    expect((await run("list")).stdout).toBe("no dead letters\n");
    expect((await run("resend", "nobody")).status).toBe(2);
  }, 60_000);

  test("say where nothing answers", async () => {
    const cwd = await tempFolder();
    const file = join(cwd, "sluicegate.yaml");
    const run = (...args: string[]) => runCommand(["dead-letters", ...args], { cwd });
    const backbone = { servers: ["nats://127.0.0.1:1"] };
    await writeFile(file, JSON.stringify({ site: "a", gateway: { id: "hub" }, backbone }));

    expect(await run("list")).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("no backbone answers at nats://127.0.0.1:1"),
    });
  }, 60_000);
});
