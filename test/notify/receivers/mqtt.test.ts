import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../../src/core/alert.ts";
import { toSiteId } from "../../../src/core/ids.ts";
import type { OperatorAction } from "../../../src/core/operator-action.ts";
import { notifyOptions } from "../../../src/notify/options.ts";
import type { AlertsTold } from "../../../src/notify/receiver.ts";
import { mosquittoProcess } from "../../support/mosquitto-process.ts";
import { noticeOf } from "../../support/notices.ts";
import { transition } from "../../support/notifying.ts";
import { openTestReceiver } from "../../support/open-test-receiver.ts";

const run = promisify(execFile);
const never = new AbortController().signal;
const topic = "alerts/{{ site }}/{{ device }}/{{ alertname }}";

/** What a broker keeps, by topic. */
async function keptAt(port: number): Promise<Map<string, Record<string, unknown>>> {
  const args = ["-h", "127.0.0.1", "-p", `${port}`, "-t", "#", "-v", "--retained-only", "-W", "1"];
  const { stdout } = await run("mosquitto_sub", args).catch((e: { stdout: string }) => e);
  const lines = stdout.split("\n").filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const at = line.indexOf(" {");
      return [line.slice(0, at), JSON.parse(line.slice(at + 1))];
    }),
  );
}

describe("mqtt receiver", () => {
  test("keeps what fires at a real broker and takes away what is over, over a restart of it", async () => {
    const broker = await mosquittoProcess();
    const receiver = await openTestReceiver({ kind: "mqtt", url: broker.url, topic });
    const tell = (one: AlertTransition) => receiver.deliver(noticeOf([one]), never);
    expect(await tell(transition("f1", 1, 1))).toEqual({ kind: "delivered" });
    await tell(transition("f2", 1, 1));
    const kept = await keptAt(broker.port);
    expect([...kept.keys()].sort()).toEqual([
      "alerts/plant-a/f1/FreezerWarm",
      "alerts/plant-a/f2/FreezerWarm",
    ]);
    expect(kept.get("alerts/plant-a/f1/FreezerWarm")).toMatchObject({ state: "firing" });

    expect(await tell(transition("f1", 1, 2))).toEqual({ kind: "delivered" });
    expect([...(await keptAt(broker.port)).keys()]).toEqual(["alerts/plant-a/f2/FreezerWarm"]);
    await broker.stop();
    expect((await tell(transition("f3", 1, 1))).kind).toBe("failed");
    await broker.start();
    expect(await tell(transition("f3", 1, 1))).toEqual({ kind: "delivered" });
  }, 30_000);

  test("leaves nothing under the topic of a severity or a label that is another now, over a restart too", async () => {
    const broker = await mosquittoProcess();
    const bySeverity = "alerts/{{ team }}/{{ severity }}/{{ device }}";
    const open = () => openTestReceiver({ kind: "mqtt", url: broker.url, topic: bySeverity });
    const labels = { site: "plant-a", device: "f1", team: "cold" };
    const mild = transition("f1", 1, 1, { labels });
    const severe = transition("f1", 1, 3, { labels, severity: "critical", reason: "level" });
    await (await open()).deliver(noticeOf([mild]), never);
    const receiver = await open();
    const stop = new AbortController();
    const alerts: AlertsTold = {
      firing: async () => [mild],
      head: async () => undefined,
      actions: () => ({ next: async () => undefined }),
    };
    const attending = receiver.attend?.(alerts, stop.signal);
    await receiver.deliver(noticeOf([severe]), never);
    expect([...(await keptAt(broker.port)).keys()]).toEqual(["alerts/cold/critical/f1"]);
    const moved = { ...labels, team: "night" };
    const handling = { ack_required: false };
    const end = transition("f1", 1, 4, {
      ...{ labels: moved, severity: "critical", state: "ended", handling },
    });
    await receiver.deliver(noticeOf([end]), never);
    expect((await keptAt(broker.port)).size).toBe(0);
    stop.abort();
    await attending;
  }, 30_000);

  test("keeps the end of a critical alert until somebody acknowledges it", async () => {
    const broker = await mosquittoProcess();
    const receiver = await openTestReceiver({ kind: "mqtt", url: broker.url, topic });
    const end = transition("f1", 1, 2, { severity: "critical" });
    await receiver.deliver(noticeOf([end]), never);
    expect((await keptAt(broker.port)).get("alerts/plant-a/f1/FreezerWarm")).toMatchObject({
      state: "ended",
    });
    const ack: OperatorAction = {
      schema: "alert.action/1",
      id: "a1",
      verb: "ack",
      site: toSiteId("plant-a"),
      instance: "f1",
      episode: end.episode,
      by: "ops",
      at: end.at,
    };
    const batches = [[ack]];
    const alerts: AlertsTold = {
      firing: async () => [],
      head: async () => end,
      actions: () => ({ next: async () => batches.shift() }),
    };
    await receiver.attend?.(alerts, never);
    expect((await keptAt(broker.port)).size).toBe(0);
  }, 30_000);

  test("lets no name of a device make a level or a wildcard of a topic", async () => {
    const broker = await mosquittoProcess();
    const receiver = await openTestReceiver({ kind: "mqtt", url: broker.url, topic });
    const labels = { site: "a/b", device: "+/#$SYS\n%" };
    expect(await receiver.deliver(noticeOf([transition("f1", 1, 1, { labels })]), never)).toEqual({
      kind: "delivered",
    });
    expect([...(await keptAt(broker.port)).keys()]).toEqual([
      "alerts/a%2Fb/%2B%2F%23%24SYS%0A%25/FreezerWarm",
    ]);
  });

  test("says that a broker refused user or password", async () => {
    const broker = await mosquittoProcess(["allow_anonymous false"]);
    const entry = { kind: "mqtt", url: broker.url, user: "ops", password: { env: "P" } };
    const receiver = await openTestReceiver(entry);
    const delivery = await receiver.deliver(noticeOf([transition("f1", 1, 1)]), never);
    expect(delivery).toMatchObject({ kind: "failed", misconfigured: true });
  });

  test.each([
    ["alerts/#", "no +, #"],
    ["alerts/{{ site }", "written {{ name }}"],
    ["alerts/all", "tell them apart"],
    ["$SYS/{{ site }}", "belong to the broker"],
  ])("refuses the topic %s", (wrong, words) => {
    const entry = { kind: "mqtt", url: "mqtt://127.0.0.1", topic: wrong };
    const { error } = notifyOptions.safeParse({ receivers: { siren: entry } });
    expect(error?.issues.map(({ message }) => message).join()).toContain(words);
  });
});
