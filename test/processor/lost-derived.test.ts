import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, onTestFinished, test } from "vitest";
import { type DerivedValue, decodeDerived, derivedIdOf } from "../../src/core/derived-value.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { derivedStream } from "../../src/core/subject.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { RecentDerived, readDerivedPart } from "../../src/processor/recent-derived.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import type { StoredDerived } from "../../src/stream/derived-log.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { ruleSet } from "../rules/gateway-script.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import {
  makeGatewayStream,
  publishRecords,
  reading,
  startMs,
  storedEvent,
} from "../support/gateway-stream.ts";
import { hasSaved } from "../support/has-saved.ts";
import { startProcessor } from "../support/start-processor.ts";
import { tempFolder } from "../support/temp-folder.ts";

const run = "aaaaaaaa";
const rules = ruleSet({
  record: "temperature_minute",
  select: { metric: "temperature" },
  agg: "avg",
  every: "1m",
});

/** One minute of two devices, four records. */
function minute(number: number): readonly GatewayEvent[] {
  const t = startMs + (number * 60 + 59) * 1_000;
  return [
    reading("f1", number, number * 60 + 10),
    reading("f2", -number, number * 60 + 10),
    reading("f1", number + 1, number * 60 + 50),
    { kind: "watermark", device: null, timeMs: t, receivedMs: t, clock: "gateway", data: { t } },
  ];
}
const perMinute = 4;

/** What the rules make of so many minutes, without a backbone. */
function madeOf(minutes: number): string[] {
  const engine = createRuleEngine(rules);
  const ids: string[] = [];
  const events = Array.from({ length: minutes }, (_, number) => minute(number)).flat();
  for (const [index, event] of events.entries()) {
    engine.feed(storedEvent(event, run, index + 1));
    ids.push(...engine.derived().map(derivedIdOf));
  }
  return ids.sort();
}

async function setUp() {
  const folder = await tempFolder();
  const store = join(folder, "jetstream", "jetstream", "$G", "streams", derivedStream);
  const copy = join(await tempFolder(), "copy");
  let server = await startNatsServer({ folder });
  onTestFinished(() => server.kill());
  const { port, url } = server;
  const backbone = testBackbone(url);
  await makeGatewayStream(await connectionOf(backbone), backboneOptionsFor(url));
  let minutes = 0;
  return {
    start: () =>
      startProcessor(url, {
        createEngine: (memory) =>
          createRuleEngine(rules, memory && joinMemory(memory.head, memory.parts)),
      }),
    /** Plays some minutes more, and waits until a checkpoint knows of them. */
    async play(count: number): Promise<void> {
      for (let n = 0; n < count; n += 1, minutes += 1)
        await publishRecords(
          await connectionOf(backbone),
          run,
          minutes * perMinute + 1,
          minute(minutes),
        );
      await hasSaved(url, minutes * perMinute);
    },
    async keepCopy() {
      await server.stop();
      await cp(store, copy, { recursive: true });
      server = await startNatsServer({ folder, port });
    },
    /** The stream of derived values is as it was when the copy was made, and nothing else is. */
    async bringBack() {
      await server.stop();
      await rm(store, { recursive: true });
      await cp(copy, store, { recursive: true });
      server = await startNatsServer({ folder, port });
    },
    removeStream: async () =>
      (await jetstreamManager(await connectionOf(backbone))).streams.delete(derivedStream),
    isComplete: () =>
      expect
        .poll(
          async () => {
            const ids: string[] = [];
            const connection = await connectionOf(backbone);
            await readWholeStream(connection, derivedStream, ({ body }) => {
              const value = decodeDerived(new TextDecoder().decode(body));
              if (value) ids.push(derivedIdOf(value));
            }).catch(() => {});
            return ids.sort();
          },
          { timeout: 30_000 },
        )
        .toEqual(madeOf(minutes)),
  };
}

describe("derived values that the backbone had confirmed and lost", () => {
  test("are stored again, each once, when the server comes back without them", async () => {
    const { bringBack, isComplete, keepCopy, play, start } = await setUp();
    start();
    await play(3);
    await keepCopy();
    await play(3);
    await bringBack();
    await isComplete();
    await play(2);
    await isComplete();
  });

  test("are stored again by the processor that comes next", async () => {
    const { bringBack, isComplete, keepCopy, play, start } = await setUp();
    const first = start();
    await play(3);
    await keepCopy();
    await play(3);
    await first.stop();
    await bringBack();
    start();
    await isComplete();
    await play(2);
    await isComplete();
  });

  test("are stored again when somebody removed the stream", async () => {
    const { isComplete, play, removeStream, start } = await setUp();
    start();
    await play(4);
    await removeStream();
    await isComplete();
    await play(2);
    await isComplete();
  });
});

describe("derived values that are held back", () => {
  const [value] = (() => {
    const engine = createRuleEngine(rules);
    const values: DerivedValue[] = [];
    for (const [index, event] of [...minute(0), ...minute(1)].entries()) {
      engine.feed(storedEvent(event, run, index + 1));
      values.push(...engine.derived());
    }
    return values;
  })();
  if (!value) throw new Error("nothing was derived");
  const valueAt = (number: number): StoredDerived => ({
    value: { ...value, startMs: number },
    streamSeq: number,
  });

  test("are given up after ten minutes, and where there are too many", () => {
    const recent = new RecentDerived([], 0);
    for (let n = 1; n <= 50_100; n += 1) recent.note(valueAt(n), 0);
    expect([...recent.all]).toHaveLength(50_000);
    recent.note(valueAt(70_000), 10 * 60_000 + 1);
    expect([...recent.all].map(({ streamSeq }) => streamSeq)).toEqual([70_000]);
  });

  test("are saved in parts, of which only those are made anew that changed", () => {
    const recent = new RecentDerived([], 0);
    for (let n = 1; n <= 600; n += 1) recent.note(valueAt(n), n);
    const changed = () => Array.from(recent.parts(), ({ isChanged }) => isChanged);
    expect(changed()).toEqual([true, true, true]);
    recent.note(valueAt(601), 601);
    expect(changed()).toEqual([false, false, true]);

    const saved = Array.from(recent.parts(), (part) =>
      readDerivedPart(JSON.parse(part.text())),
    ).flat();

    const again = new RecentDerived(saved, 0);
    expect([...again.all].map(({ streamSeq }) => streamSeq)).toEqual(
      Array.from({ length: 601 }, (_, index) => index + 1),
    );
    expect(again.last()?.value).toEqual(recent.last()?.value);
    const strange = [null, 7, {}, { event: null, streamSeq: 1 }, { event: {}, streamSeq: "x" }];
    for (const part of [strange, "none", { 0: 1 }]) expect(readDerivedPart(part)).toEqual([]);
  });
});
