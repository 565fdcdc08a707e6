import { jetstream } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import { toStreamSeq } from "../../src/core/ids.ts";
import { alertSubject } from "../../src/core/subject.ts";
import { type AlertHead, appendTransition, readHead } from "../../src/stream/alert-log.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { createCountingEngine } from "../support/counting-engine.ts";
import { origin, reading, storedEvent } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";

/** The first `count` transitions of one device: fires, ends, fires, ends. */
function transitions(count: number): AlertTransition[] {
  const engine = createCountingEngine();
  const all: AlertTransition[] = [];
  for (let step = 1; all.length < count; step += 1) {
    const event = storedEvent(reading("f1", step % 2, step), "aaaaaaaa", step);
    for (const draft of engine.feed(event))
      all.push({ ...draft, late: false, observed_at: draft.at });
  }
  return all;
}

async function setUp() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
  const append = (transition: AlertTransition | undefined, known?: AlertHead) => {
    if (!transition) throw new Error("no such transition");
    return appendTransition(connection, transition, known);
  };
  return { connection, append };
}

describe("alert log", () => {
  test("stores transitions of an instance behind each other", async () => {
    const { connection, append } = await setUp();
    const [fired, ended, again] = transitions(3);
    const { head } = await append(fired);
    const second = await append(ended, head);
    await append(again, second.head);

    expect(await storedTransitions(connection)).toEqual([fired, ended, again]);
  });

  test("adopts what is stored already, also a later episode", async () => {
    const { connection, append } = await setUp();
    const [fired, ended, again] = transitions(3);
    await append(fired);
    await append(ended);
    const { head } = await append(again);

    expect(await append(fired)).toEqual({ head, stored: false });
    expect(await append(ended)).toEqual({ head, stored: false });
    expect(await append(again)).toEqual({ head, stored: false });
    expect(await storedTransitions(connection)).toHaveLength(3);
  });

  test("appends a new episode although its number starts over", async () => {
    const { append } = await setUp();
    const [fired, ended, again] = transitions(3);
    await append(fired);
    await append(ended);

    expect(await append(again)).toMatchObject({ stored: true });
  });

  test("appends behind a head that it did not know, and where the known one is gone", async () => {
    const { connection, append } = await setUp();
    const [fired, ended] = transitions(2);
    const { head } = await append(fired);

    expect(await append(ended, { ...head, streamSeq: toStreamSeq(77) })).toMatchObject({
      stored: true,
    });
    expect(fired && (await readHead(connection, fired))).toMatchObject({ n: 2 });
  });

  test("appends behind a message that somebody wrote by hand", async () => {
    const { connection, append } = await setUp();
    const [fired] = transitions(1);
    await jetstream(connection).publish(
      alertSubject(origin.site, fired?.instance ?? ""),
      "by hand",
    );

    expect(await append(fired)).toMatchObject({ stored: true });
  });

  test("says that a transition is too large for ever, not that it may be taken later", async () => {
    const { append } = await setUp();
    const [fired] = transitions(1);
    const large = fired && { ...fired, annotations: { summary: "x".repeat(2 ** 21) } };
    await expect(append(large)).rejects.toMatchObject({ code: "stream.refused" });
  });

  test("stores one of two that are appended at the same moment by two", async () => {
    const { connection, append } = await setUp();
    const all = transitions(8);
    const writer = async (): Promise<void> => {
      for (const one of all) await append(one);
    };
    await Promise.all([writer(), writer(), writer()]);

    expect(await storedTransitions(connection)).toEqual(all);
  });
});
