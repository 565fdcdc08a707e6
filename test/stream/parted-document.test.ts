import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type KeyValueBucket, openBucket } from "../../src/stream/kv.ts";
import { readPartedDocument } from "../../src/stream/parted-document.ts";
import {
  type DocumentPart,
  PartedDocumentWriter,
} from "../../src/stream/parted-document-writer.ts";
import { writeDocument } from "../../src/stream/stored-document.ts";
import { connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";

const key = "rules.1";

/** Counts the writes; `refuse` makes those of a key fail before they reach the server. */
async function setUp() {
  const { url } = await natsServer();
  const real = await openBucket(await connectionOf(testBackbone(url)), "checkpoints", 1);
  const written: string[] = [];
  let refused: string | undefined;
  const bucket: KeyValueBucket = {
    ...real,
    async put(name, value, revision) {
      if (name === refused) throw new Error("killed");
      written.push(name);
      return real.put(name, value, revision);
    },
  };
  return {
    bucket,
    refuse: (name: string | undefined) => {
      refused = name;
    },
    writes: () => written.splice(0).filter((name) => !name.includes(".list.") && name !== key),
  };
}

const part = (name: string, value: unknown, isChanged = true): DocumentPart => ({
  name,
  isChanged,
  text: () => JSON.stringify(value),
});

const open = (revision: number) => new PartedDocumentWriter(key, revision, Math.random);

async function contentOf(bucket: KeyValueBucket) {
  const document = await readPartedDocument(bucket, key);
  return document.kind === "read"
    ? { content: document.content, parts: Object.fromEntries(document.parts) }
    : document;
}

describe("a document in parts", () => {
  test("is read as it was written, its parts in their order", async () => {
    const { bucket } = await setUp();
    expect(await readPartedDocument(bucket, key)).toEqual({ kind: "missing", revision: 0 });
    const parts = Array.from({ length: 100 }, (_, n) => part(`gw.${99 - n}`, [n]));

    const revision = await open(0).write(bucket, ['{"a":', "1}"], parts);

    const document = await readPartedDocument(bucket, key);
    expect(document).toMatchObject({ kind: "read", revision, content: { a: 1 } });
    const read = document.kind === "read" ? [...document.parts] : [];
    expect(read).toEqual(parts.map(({ name }, n) => [name, [n]]));
  });

  test("says what was so when it was taken, whatever changes while it is written", async () => {
    const { bucket } = await setUp();
    const value = { n: 1 };
    const parts = Array.from({ length: 50 }, (_, n) => part(`gw.${n}`, value));
    let takenBefore = 0;

    await open(0).write(bucket, ["1"], parts, () => {
      takenBefore += 1;
      value.n = 2;
    });

    expect(takenBefore).toBe(1);
    const { parts: read } = { parts: {}, ...(await contentOf(bucket)) };
    expect(Object.values(read)).toEqual(parts.map(() => ({ n: 1 })));
  });

  test("is written anew only where it changed", async () => {
    const { bucket, writes } = await setUp();
    const writer = open(0);
    await writer.write(bucket, ["1"], [part("a.0", 1), part("a.1", 1), part("b.0", 1)]);
    expect(writes()).toHaveLength(3);

    for (let n = 2; n <= 5; n += 1) {
      await writer.write(
        bucket,
        [String(n)],
        [part("a.0", "not asked for", false), part("a.1", n), part("b.0", "nor this", false)],
      );
      expect(writes()).toEqual([expect.stringContaining(".a.1.")]);
      expect(await contentOf(bucket)).toEqual({
        content: n,
        parts: { "a.0": 1, "a.1": n, "b.0": 1 },
      });
    }
  });

  test("may have parts and a content that are larger than a message", async () => {
    const { bucket } = await setUp();
    /** Does not compress. */
    const large = (): string => randomBytes(900_000).toString("base64");
    const writer = open(0);
    for (const [one, content] of [
      [large(), large()],
      ["small", "small"],
      [large(), large()],
      [large(), "small"],
    ]) {
      await writer.write(bucket, [JSON.stringify(content)], [part("a.0", one)]);
      expect(await contentOf(bucket)).toEqual({ content, parts: { "a.0": one } });
    }
  });

  test("leaves nothing behind of parts that are gone, and of writers before", async () => {
    const { bucket } = await setUp();
    const first = open(0);
    let revision = 0;
    for (let n = 0; n < 3; n += 1)
      revision = await first.write(bucket, ["1"], [part("a.0", n), part("a.1", n)]);
    await first.write(bucket, ["1"], [part("a.0", 3)]);
    expect((await bucket.keys(`${key}.>`)).filter((name) => name.includes(".a.1."))).toEqual([]);

    await open(first.revision).write(bucket, ["2"], [part("a.0", 4)]);

    expect(first.revision).toBeGreaterThan(revision);
    expect(await bucket.keys(`${key}.>`)).toHaveLength(2);
    expect(await contentOf(bucket)).toEqual({ content: 2, parts: { "a.0": 4 } });
  });

  test("is made of its parts while other things get their turn", async () => {
    const { bucket } = await setUp();
    let turn = 0;
    const count = (): void => {
      turn += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    const madeInTurn = new Map<number, number>();
    const make = (text: string): string => {
      madeInTurn.set(turn, (madeInTurn.get(turn) ?? 0) + text.length);
      return text;
    };
    function* content(): Iterable<string> {
      yield "[0";
      for (let n = 0; n < 5_000; n += 1) yield make(`,${"9".repeat(200)}`);
      yield "]";
    }
    const parts = Array.from({ length: 100 }, (_, n) => ({
      name: `a.${n}`,
      isChanged: true,
      text: () => make(JSON.stringify("x".repeat(20_000))),
    }));

    await open(0).write(bucket, content(), parts);
    clearImmediate(counting);

    expect(Math.max(...madeInTurn.values())).toBeLessThan(250_000);
  });

  test("is not taken by a program of before for chunks that nobody needs", async () => {
    const { bucket } = await setUp();
    await open(0).write(bucket, ["1"], [part("a.0", 1)]);
    // Whole documents have the revision that they replaced there.
    const tokens = (await bucket.keys(`${key}.>`)).map((name) => name.split(".")[2]);
    expect(tokens).toHaveLength(2);
    expect(tokens.filter((token) => !Number.isNaN(Number(token)))).toEqual([]);
  });

  test("that was written before there were parts is given as it is, and replaced", async () => {
    const { bucket } = await setUp();
    const large = randomBytes(1_200_000).toString("base64");
    const revision = await writeDocument(bucket, key, large, 0, Math.random);
    expect(await readPartedDocument(bucket, key)).toEqual({
      kind: "whole",
      revision,
      value: large,
    });

    await open(revision).write(bucket, ["1"], [part("a.0", 1)]);

    expect(await contentOf(bucket)).toEqual({ content: 1, parts: { "a.0": 1 } });
    expect(await bucket.keys(`${key}.>`)).toHaveLength(2);
  });
});

describe("a writer of a document in parts", () => {
  test("that is killed between the parts and the document leaves the one before", async () => {
    const { bucket, refuse } = await setUp();
    const writer = open(0);
    await writer.write(bucket, ["1"], [part("a.0", 1), part("a.1", 1)]);
    const second = await writer.write(bucket, ["2"], [part("a.0", 2), part("a.1", 1, false)]);
    const before = await contentOf(bucket);

    refuse(key);
    const third = writer.write(bucket, ["3"], [part("a.0", 3), part("a.1", 3)]);
    await expect(third).rejects.toThrow("killed");
    expect(await contentOf(bucket)).toEqual(before);

    refuse(undefined);
    await open(second).write(bucket, ["4"], [part("a.0", 4), part("a.1", 4)]);
    expect(await contentOf(bucket)).toEqual({ content: 4, parts: { "a.0": 4, "a.1": 4 } });
  });

  test("is refused once another one wrote, and has touched nothing of it", async () => {
    const { bucket, writes } = await setUp();
    const first = open(0);
    const revision = await first.write(bucket, ["1"], [part("a.0", 1)]);
    await open(revision).write(bucket, ["2"], [part("a.0", 2)]);
    writes();

    await expect(first.write(bucket, ["3"], [part("a.0", 3)])).rejects.toMatchObject({
      code: "stream.fenced",
    });

    expect(writes()).toEqual([]);
    expect(await contentOf(bucket)).toEqual({ content: 2, parts: { "a.0": 2 } });
  });

  test("is refused when another one took over while its parts were written", async () => {
    const { bucket } = await setUp();
    const revision = await open(0).write(bucket, ["1"], [part("a.0", 1)]);
    const slow = open(revision);
    let others: Promise<unknown> = Promise.resolve();
    const meanwhile: KeyValueBucket = {
      ...bucket,
      async put(name, value, expected) {
        if (name === key) await others;
        return bucket.put(name, value, expected);
      },
    };
    function* parts(): Iterable<DocumentPart> {
      yield part("a.0", "slow");
      others = open(revision).write(bucket, ["2"], [part("a.0", 2)]);
      yield part("a.1", "slow");
    }

    await expect(slow.write(meanwhile, ["3"], parts())).rejects.toMatchObject({
      code: "stream.fenced",
    });

    expect(await contentOf(bucket)).toEqual({ content: 2, parts: { "a.0": 2 } });
  });

  test("finds a document damaged of which a part is gone or another, and replaces it", async () => {
    const { bucket } = await setUp();
    let revision = await open(0).write(bucket, ["1"], [part("a.0", 1), part("a.1", 1)]);
    const partKey = async (): Promise<string> =>
      (await bucket.keys(`${key}.>`)).find((name) => name.includes(".a.1.")) ?? "";

    await bucket.remove(await partKey());
    expect(await contentOf(bucket)).toMatchObject({ kind: "damaged", revision });

    revision = await open(revision).write(bucket, ["2"], [part("a.0", 2), part("a.1", 2)]);
    const changed = await partKey();
    const present = await bucket.get(changed);
    await bucket.put(changed, Buffer.from("by hand"), present?.revision ?? 0);
    expect(await contentOf(bucket)).toMatchObject({
      kind: "damaged",
      revision,
      reason: expect.stringContaining(changed.slice(0, -2)),
    });

    await open(revision).write(bucket, ["3"], [part("a.1", 3)]);
    expect(await contentOf(bucket)).toEqual({ content: 3, parts: { "a.1": 3 } });
  });
});
