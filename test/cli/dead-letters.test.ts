import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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

/** Runs the program; gives its exit status and what it printed. */
function run(
  ...args: readonly string[]
): Promise<{ readonly status: number | null; readonly printed: string }> {
  const child = spawn(process.execPath, ["dist/sluicegate.js", ...args]);
  let printed = "";
  child.stdout.on("data", (data) => {
    printed += data;
  });
  child.stderr.on("data", (data) => {
    printed += data;
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, printed })));
}

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
    const file = join(await tempFolder(), "sluicegate.yaml");
    const site = { site: "a", gateway: { id: "hub" }, backbone: { servers: [url] } };
    await writeFile(file, JSON.stringify({ ...site, notify: { receivers } }));

    const listed = await run("dead-letters", "list", "-c", file);
    expect(listed).toMatchObject({
      status: 0,
      printed: expect.stringContaining("hook f1-1.1 FIRING"),
    });

    expect(await run("dead-letters", "resend", "hook", "-c", file)).toEqual({
      status: 1,
      printed: "f1-1.1 left: answered 422\n",
    });
    refused = false;
    expect(await run("dead-letters", "resend", "hook", "-c", file)).toEqual({
      status: 0,
      printed: "f1-1.1 delivered\n",
    });

    expect(idsOf(hook.posts)).toEqual(["f1-1.1"]);
    expect(JSON.parse(hook.posts.at(-1)?.body ?? "")).toMatchObject({
      attempt: 3,
      late_by_receiver: true,
    });
    expect((await run("dead-letters", "list", "-c", file)).printed).toBe("no dead letters\n");
    expect((await run("dead-letters", "resend", "nobody", "-c", file)).status).toBe(2);
  }, 60_000);

  test("say where nothing answers", async () => {
    const file = join(await tempFolder(), "sluicegate.yaml");
    const backbone = { servers: ["nats://127.0.0.1:1"] };
    await writeFile(file, JSON.stringify({ site: "a", gateway: { id: "hub" }, backbone }));

    expect(await run("dead-letters", "list", "-c", file)).toMatchObject({
      status: 3,
      printed: expect.stringContaining("no backbone answers at nats://127.0.0.1:1"),
    });
  }, 60_000);
});
