/** Entries of buckets that somebody else wrote: anything that a server takes. */
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { checkpointsBucket, leasesBucket } from "../../src/core/subject.ts";
import { createCheckpointList, readCheckpoint } from "../../src/processor/checkpoint.ts";
import { cacheBucket, openBucket } from "../../src/stream/kv.ts";
import { isGatewayPosition } from "../../src/stream/position-shape.ts";
import { Roll } from "../../src/stream/roll.ts";
import { encodeEntry } from "../../src/stream/roll-entry.ts";
import { readDocument } from "../../src/stream/stored-document.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";

async function setUp(bucketName: string) {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const connection = await connectionOf(backbone);
  const bucket = await openBucket(connection, bucketName, 1);
  /** As any publisher may, past the client of buckets. */
  const plant = async (key: string, value: string | Uint8Array): Promise<void> => {
    const answer = await connection.request(`$KV.${bucketName}.${key}`, value);
    expect(answer.json()).toMatchObject({ seq: expect.any(Number) });
  };
  return { backbone, bucket, options: backboneOptionsFor(url), plant };
}

test("entries of the roll that are huge, strange or many are passed over, with a warning that names the key", async () => {
  const { backbone, options, plant } = await setUp(leasesBucket);
  const warnings: object[] = [];
  const roll = () =>
    new Roll({
      role: "processor",
      bucket: cacheBucket(backbone, leasesBucket, options),
      clock,
      logger: { ...silentLogger, warn: (_, facts) => warnings.push({ ...facts }) },
      name: "box",
      mark: { own: undefined, isGone: async () => false },
    });
  const clock = new ManualClock();
  const [first, second] = [roll(), roll()];
  const { signal } = new AbortController();
  await first.call({}, signal);
  await second.call({}, signal);
  const entry = { id: "x", name: "x", isSettled: true, holds: {} };
  await plant("processor.huge", encodeEntry({ ...entry, name: "x".repeat(700_000) }));
  await plant("processor.long", encodeEntry({ ...entry, name: "x".repeat(5_000) }));
  await plant("processor.strange", "[".repeat(100_000));
  await plant("processor.$ä", "no client of buckets reads such a key");
  const company = await first.call({}, signal);
  const shares = Array.from({ length: 64 }, (_, number) => String(number));
  const own = shares.filter((share) => company.isOwn(share));
  expect(own.length).toBeGreaterThan(0);
  await first.call({}, signal);
  const keys = ["huge", "long", "strange"].map((name) => `processor.${name}`);
  expect(warnings).toEqual(keys.map((key) => expect.objectContaining({ key })));

  for (let n = 0; n < 400; n += 1) await plant(`processor.0${n}`, "{}");
  const crowded = await first.call({}, signal);
  expect(warnings).toContainEqual(expect.objectContaining({ key: "processor.*", entries: 404 }));
  expect(shares.filter((share) => crowded.isOwn(share))).toEqual(own);
});

test("documents that name anything, or unpack to anything, are damaged, and can be replaced", async () => {
  const { bucket, plant } = await setUp(checkpointsBucket);
  const zeros = gzipSync(Buffer.alloc(16 * 1024 * 1024));
  const head = (writer: string, list: unknown) =>
    gzipSync(JSON.stringify({ format: 2, writer, list }));
  const many = Array.from({ length: 100_000 }, () => 1);
  for (const [value, why] of [
    [JSON.stringify({ chunks: ["no key", "*", ">"] }), /incorrect header/],
    [JSON.stringify({ chunks: ["rules.2"] }), /incorrect header/],
    [JSON.stringify({ chunks: Array.from({ length: 1_000 }, () => "rules.1.1.a.0") }), /header/],
    [Buffer.concat(Array.from({ length: 12 }, () => zeros)), /rules\.1 is larger than any/],
    [head("no key", ["a", 1]), /format is not known/],
    [head("w1.a", ["a", ...many]), /format is not known/],
    [head("w1.a", ["a", 1]), /its part rules\.1\.w1\.a\.list\.a is gone/],
  ] as const) {
    await plant("rules.1", value);
    const { damage, revision } = await readCheckpoint(bucket, 1);
    expect(damage).toMatch(why);
    await bucket.put("rules.1", gzipSync("{}"), revision);
  }
  expect(await readDocument(bucket, "rules.1")).toMatchObject({ kind: "read" });
}, 120_000);

test("keys that are none of a partition open none", async () => {
  const { backbone, options, plant } = await setUp(checkpointsBucket);
  for (const key of ["x", "-1", "64", "1e1", "007", "9999999999999999999", "12"])
    await plant(`rules.${key}`, "x");
  const end = new AbortController();
  onTestFinished(() => end.abort());
  expect(await createCheckpointList(backbone, options)(end.signal)).toEqual([12]);
});

test("a position with more than anybody keeps is none", () => {
  const mark = { created: "x", streamSeq: 1, run: "r", seq: 1 };
  const position = { mark, runs: [{ run: "r", seq: 1 }], holes: [] };
  expect(isGatewayPosition(position)).toBe(true);
  const runs = Array.from({ length: 20_000 }, () => ({ run: "r", seq: 1 }));
  expect(isGatewayPosition({ ...position, runs })).toBe(false);
});
