import { jetstream } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { OperatorAction } from "../../src/core/operator-action.ts";
import { operatorSubject } from "../../src/core/subject.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import type { EntryMark } from "../../src/stream/marked-reading.ts";
import { appendAction, lastActionSeq, readActions } from "../../src/stream/operator-log.ts";
import { openOperatorReader, type ReadAction } from "../../src/stream/operator-reader.ts";
import { parseAction } from "../../src/stream/parse-action.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { actionOn, transitionOf } from "../alerts/given-alerts.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";

const alert = transitionOf("f1", 0, 1);
const ack = actionOn(alert, "ack", 1);
const shelve = actionOn(alert, "shelve", 2, { until: "2026-11-21T15:02:00Z", reason: "defrost" });

async function setUp() {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const connection = await connectionOf(backbone);
  const backboneOptions = backboneOptionsFor(url);
  await ensureStream(connection, alertsStreamContract(backboneOptions));
  const follow = async (count: number, mark?: EntryMark): Promise<ReadAction[]> => {
    const stop = new AbortController();
    const deps = { backbone, backboneOptions, clock: systemClock, logger: silentLogger };
    const reader = openOperatorReader(
      mark,
      stop.signal,
      { ...deps, random: Math.random },
      () => {},
    );
    const read: ReadAction[] = [];
    while (read.length < count) read.push(...((await reader.next()) ?? []));
    stop.abort();
    await reader.next();
    return read;
  };
  return { connection, follow };
}

describe("the stream of what people do about alerts", () => {
  test("takes an action once, and tells who was slower", async () => {
    const { connection } = await setUp();
    expect(await appendAction(connection, ack, 0)).toEqual({ outcome: "stored", streamSeq: 1 });
    expect(await appendAction(connection, ack, 0)).toEqual({ outcome: "found", streamSeq: 1 });
    const other = { ...ack, id: "another", by: "bo" };
    expect(await appendAction(connection, other, 0)).toEqual({ outcome: "overtaken" });
    expect(await lastActionSeq(connection, ack.site, ack.instance)).toBe(1);
    expect(await appendAction(connection, shelve, 1)).toMatchObject({ outcome: "stored" });
  });

  test("gives them in order, behind a mark too, and passes over what is none", async () => {
    const { connection, follow } = await setUp();
    await appendAction(connection, ack, 0);
    const natsSubject = operatorSubject(ack.site, ack.instance);
    await jetstream(connection).publish(natsSubject, "by hand");
    await appendAction(connection, shelve, 2);
    const ids: string[] = [];
    await readActions(connection, ({ action }) => ids.push(action.id));
    expect(ids).toEqual([ack.id, shelve.id]);
    const [first] = await follow(2);
    expect((await follow(1, first?.mark)).map(({ action }) => action)).toEqual([shelve]);
  });

  test("takes nothing that no reader would take", async () => {
    const { connection } = await setUp();
    for (const action of [
      { ...ack, by: "" },
      { ...shelve, reason: "x".repeat(2_000) },
    ])
      await expect(appendAction(connection, action, 0)).rejects.toMatchObject({
        code: "stream.refused",
      });
  });
});

describe("a message of a stranger", () => {
  const read = (changes: object, subject = operatorSubject(ack.site, ack.instance)) =>
    parseAction(subject, new TextEncoder().encode(JSON.stringify({ ...shelve, ...changes })));

  test("is an action only where every field is what it should be", () => {
    expect(read({ anything: 1 })).toEqual(shelve);
    const wrong: { readonly [Field in keyof OperatorAction]?: unknown }[] = [
      { schema: "alert.action/2" },
      { verb: "delete" },
      { id: "a b" },
      { site: 3 },
      { site: "plant-b" },
      { instance: "a.b" },
      { by: "\u0000" },
      { at: "yesterday" },
      { at: "2026-13-45T00:00:00Z" },
      { until: undefined },
      { until: 3 },
      { once: false },
      { reason: undefined },
      { reason: " " },
      { n: 0 },
      { n: 1.5 },
      { episode: {} },
      { verb: "ack" },
    ];
    for (const changes of wrong) expect([changes, read(changes)]).toEqual([changes, undefined]);
    expect(read({}, operatorSubject(ack.site, "another"))).toBeUndefined();
    expect(parseAction("alert.o", new Uint8Array([0xff]))).toBeUndefined();
    expect(read({ padding: "x".repeat(20_000) })).toBeUndefined();
  });
});
