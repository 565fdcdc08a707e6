import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import { appendTransition, readHead } from "../../src/stream/alert-log.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { AlertList } from "../../src/view/alerts/alert-list.ts";
import { actionOn, endOf, msAt, transitionOf } from "../alerts/given-alerts.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { consoleRole } from "../support/console-role.ts";
import { natsServer } from "../support/nats-server.ts";
import { waitUntil } from "../support/wait-until.ts";

describe("the list of alerts", () => {
  const given = () => {
    const list = new AlertList(86_400_000);
    let streamSeq = 0;
    return {
      list,
      take(transition: AlertTransition) {
        streamSeq += 1;
        list.take({ transition, streamSeq });
        return transition;
      },
      act(action: ReturnType<typeof actionOn>, minutes: number) {
        streamSeq += 1;
        list.act({ action, streamSeq, storedMs: msAt(minutes) });
      },
    };
  };

  test("says that a row changed when its shelf ends by itself", () => {
    const { act, list, take } = given();
    const alert = take(transitionOf("f1", 0, 1));
    act(actionOn(alert, "shelve", 1, { reason: "defrost", until: "2026-11-21T14:16:00Z" }), 1);
    expect([...list.changes(msAt(2))]).toEqual([alert.instance]);
    expect([...list.changes(msAt(3))]).toEqual([]);
    expect(list.nextChangeMs(msAt(3))).toBe(msAt(16));
    expect([...list.changes(msAt(16))]).toEqual([alert.instance]);
  });

  test("says that a row changed when another alert begins to explain it", () => {
    const { list, take } = given();
    const handling = { suppressed_by: [{ alert: "GatewayOffline", equal: ["gateway"] }] };
    const hidden = take(transitionOf("f1", 0, 1, { handling }));
    list.changes(msAt(1));
    const cause = take(transitionOf("gw", 2, 1, { alert: "GatewayOffline" }));
    expect([...list.changes(msAt(3))].sort()).toEqual([hidden.instance, cause.instance].sort());
    expect(list.view(hidden.instance, msAt(3))?.state).toBe("suppressed");
  });

  test("keeps what ended, the latest first, and no more than there is room for", () => {
    const { list, take } = given();
    for (let n = 0; n < 1_010; n += 1) {
      take(transitionOf(`d${n}`, n, 1));
      take(endOf(`d${n}`, n, 2, n + 1));
    }
    const ended = list.ended();
    expect(ended).toHaveLength(1_000);
    expect(ended[0]?.labels["device"]).toBe("d1009");
    expect([...list.views(msAt(2_000))]).toEqual([]);
  });
});

async function setUp() {
  const server = await natsServer();
  const { url } = server;
  const connection = await connectionOf(testBackbone(url));
  await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
  const append = async (one: AlertTransition): Promise<AlertTransition> => {
    await appendTransition(connection, one, await readHead(connection, one));
    return one;
  };
  return { append, connection, server, url };
}

const rows = (topic: {
  all(): string;
}): Record<string, { state: string; shelf: { once: boolean } | null }> => JSON.parse(topic.all());

describe("alerts on the page", () => {
  test("two who acknowledge are told who was first, and both see it", async () => {
    const { append, url } = await setUp();
    const [here, there] = [await consoleRole(url), await consoleRole(url)];
    const { instance } = await append(transitionOf("f1", 0, 1, { limit: -15, unit: "Cel" }));
    const path = `/alerts/${instance}/ack`;
    for (const one of [here, there])
      await waitUntil(() => rows(one.topic("alerts"))[instance] !== undefined, "it is listed");
    const first = await here.ask(path, { reason: "on my way" }, "ana");
    expect(first).toMatchObject({ status: 200, body: { event: expect.any(String) } });
    const second = await there.ask(path, {}, "bo");
    expect(second).toMatchObject({ status: 409, body: { title: "ana acknowledged it already" } });
    for (const one of [here, there])
      await waitUntil(
        () => rows(one.topic("alerts"))[instance]?.state === "acknowledged",
        "both see it",
      );
    await waitUntil(() => there.topic("alerts").takeChanges()?.includes("on my way"), "it is told");
  });

  test("the page of one has its story, its rule with file and line, and what may be done", async () => {
    const { append, url } = await setUp();
    const explained = {
      instances: [
        { site: "plant-a", gateway: "gw1", state: "firing", reasons: ["since noon"], facts: [] },
      ],
    };
    const one = await consoleRole(url, {}, { "explain-alert": async () => explained });
    const late = { late: true, rule: "cold/Warm", limit: -15, value: -11.4, unit: "Cel" };
    const { instance } = await append(transitionOf("f1", 0, 1, late));
    await waitUntil(() => rows(one.topic("alerts"))[instance] !== undefined, "it is listed");
    await one.ask(`/alerts/${instance}/ack`, { reason: "on my way" });
    await waitUntil(() => rows(one.topic("alerts"))[instance]?.state === "acknowledged", "acked");
    const { body } = await one.ask(`/alerts/${instance}`);
    expect(body).toMatchObject({
      row: { value: "-11.4 °C", limit: "> -15 °C", isLate: true, deviceKey: "plant-a.gw1.f1" },
      story: [
        { what: "ack", by: "ana", text: "on my way" },
        { what: "firing", by: null, text: expect.stringContaining("the data came late") },
      ],
      rule: { file: "rules/cold.yaml", line: 5, text: expect.stringContaining("above: -15") },
      explain: ["it is firing", "since noon"],
      chart: { deviceKey: "plant-a.gw1.f1", metric: "temperature" },
      verbs: ["shelve", "clear", "out-of-service"],
    });
  });

  test("many are acknowledged with one comment, and what is refused of one keeps none", async () => {
    const { append, url } = await setUp();
    const one = await consoleRole(url);
    const alerts = await Promise.all(["f1", "f2"].map((name) => append(transitionOf(name, 0, 1))));
    const instances = alerts.map(({ instance }) => instance);
    await waitUntil(() => Object.keys(rows(one.topic("alerts"))).length === 2, "both are listed");
    const counted = (unacknowledged: number) => {
      const { alerts } = one.role.hubStatus?.() ?? {};
      return alerts?.warning === 2 && alerts.unacknowledged === unacknowledged;
    };
    await waitUntil(() => counted(2), "both are counted");
    const { body } = await one.ask("/alerts/ack", {
      instances: [...instances, "nobody"],
      reason: "seen",
    });
    expect(body).toMatchObject({
      done: instances.map((instance) => ({ instance })),
      refused: [{ instance: "nobody" }],
    });
    await waitUntil(() => counted(0), "nobody has to see them any more");
    const refused = await one.ask(`/alerts/${instances[0]}/shelve`, { forMs: 60_000 });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ path: "body.reason" }] } });
  });

  test("a shelf until an alert is normal needs no time, and lasts no longer than any", async () => {
    const { append, url } = await setUp();
    const one = await consoleRole(url);
    const { instance } = await append(transitionOf("f1", 0, 1));
    await waitUntil(() => rows(one.topic("alerts"))[instance] !== undefined, "it is listed");
    const path = `/alerts/${instance}/shelve`;
    expect(await one.ask(path, { reason: "defrost" })).toMatchObject({ status: 400 });
    await one.ask(path, { reason: "defrost", once: true });
    await waitUntil(
      () => rows(one.topic("alerts"))[instance]?.shelf?.once === true,
      "it is on the shelf",
    );
  });

  test("alerts of a stream that was made anew are those that it has now", async () => {
    const { append, connection, url } = await setUp();
    const one = await consoleRole(url);
    const before = await append(transitionOf("f1", 0, 1));
    await waitUntil(() => rows(one.topic("alerts"))[before.instance] !== undefined, "it is listed");
    const manager = await jetstreamManager(connection);
    await manager.streams.delete("ALERTS");
    await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
    const after = await append(transitionOf("f2", 0, 1));
    await waitUntil(
      () => Object.keys(rows(one.topic("alerts"))).join() === after.instance,
      "only the new one is listed",
    );
    expect(JSON.parse(one.topic("alerts").takeChanges() ?? "")).toMatchObject({
      [before.instance]: null,
    });
  });

  test("what was known stays while the backbone is away, and what needs it says why not", async () => {
    const { append, server, url } = await setUp();
    const one = await consoleRole(url);
    const { instance } = await append(transitionOf("f1", 0, 1));
    await waitUntil(() => rows(one.topic("alerts"))[instance] !== undefined, "it is listed");
    await server.kill();
    const away = await waitUntil(async () => {
      const answer = await one.ask(`/alerts/${instance}/ack`, {});
      return answer.status === 503 && answer;
    }, "it says that the backbone is away");
    expect(away.body).toMatchObject({ title: expect.stringContaining("the backbone is away") });
    expect(await one.ask("/alerts")).toMatchObject({ body: { alerts: [{ instance }] } });
  });
});
