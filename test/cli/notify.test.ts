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
    const run = (...args: string[]) => runCommand(["notify", "dlq", ...args], { cwd });
    const site = { site: "a", gateway: { id: "hub" }, backbone: { servers: [url] } };
    await writeFile(file, JSON.stringify({ ...site, notify: { receivers } }));

    const listed = await run("ls");
    expect(listed).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("hook f1-1.1 FIRING"),
    });

    const shown = await run("show", "hook", "f1-1.1");
    expect(shown.status).toBe(0);
    expect(JSON.parse(shown.stdout)).toMatchObject({ receiver: "hook", alert: { id: "f1-1.1" } });
    expect((await run("show", "hook", "f1-1.9")).status).toBe(4);

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
    expect((await run("ls")).stdout).toBe("no dead letters\n");
    expect((await run("resend", "nobody")).status).toBe(4);
  }, 60_000);

  test("say where nothing answers", async () => {
    const cwd = await tempFolder();
    const file = join(cwd, "sluicegate.yaml");
    const run = (...args: string[]) => runCommand(["notify", "dlq", ...args], { cwd });
    const backbone = { servers: ["nats://127.0.0.1:1"] };
    await writeFile(file, JSON.stringify({ site: "a", gateway: { id: "hub" }, backbone }));

    expect(await run("ls")).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("no backbone answers at nats://127.0.0.1:1"),
    });
  }, 60_000);
});

describe("notify test", () => {
  test("says what the receiver answered, and that it is a test", async () => {
    const cwd = await tempFolder();
    let status = 200;
    const hook = await webhookServer(() => status);
    const receivers = { hook: { kind: "webhook", url: hook.url } };
    const site = { site: "a", gateway: { id: "hub" }, notify: { receivers } };
    await writeFile(join(cwd, "sluicegate.yaml"), JSON.stringify(site));
    const run = (...args: string[]) => runCommand(["notify", "test", ...args], { cwd });

    expect(await run("hook", "--severity", "critical")).toEqual({
      status: 0,
      stderr: "",
      stdout: "firing delivered\nended delivered\n",
    });
    const [firing, ended] = hook.posts.map(({ body }) => JSON.parse(body));
    expect(firing).toMatchObject({
      state: "firing",
      severity: "critical",
      labels: { site: "a", test: "true" },
    });
    expect(ended).toMatchObject({ state: "ended", episode: firing.episode });

    status = 401;
    expect(await run("hook")).toEqual({
      status: 1,
      stderr: "",
      stdout: "firing not delivered: answered 401; look at its address and credentials\n",
    });
    expect(await run("nobody")).toMatchObject({
      status: 4,
      stderr: expect.stringContaining("there are hook"),
    });
  }, 60_000);
});
