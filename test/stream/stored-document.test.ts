import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type KeyValueBucket, openBucket } from "../../src/stream/kv.ts";
import { readDocument, writeDocument } from "../../src/stream/stored-document.ts";
import { connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";

async function setUp(): Promise<KeyValueBucket> {
  const { url } = await natsServer();
  return openBucket(await connectionOf(testBackbone(url)), "checkpoints", 1);
}

/** Does not compress: about 1.6 MB, four chunks. */
const large = (): string => randomBytes(1_200_000).toString("base64");

describe("stored document", () => {
  test("is read as it was written", async () => {
    const bucket = await setUp();
    expect(await readDocument(bucket, "rules.1")).toEqual({ kind: "missing", revision: 0 });

    const revision = await writeDocument(bucket, "rules.1", { a: [1] }, 0, Math.random);

    expect(await readDocument(bucket, "rules.1")).toEqual({
      kind: "read",
      revision,
      value: { a: [1] },
    });
  });

  test("is refused to the slower of two writers", async () => {
    const bucket = await setUp();
    const first = await writeDocument(bucket, "rules.1", 1, 0, Math.random);
    await writeDocument(bucket, "rules.1", 2, first, Math.random);

    await expect(writeDocument(bucket, "rules.1", 3, first, Math.random)).rejects.toMatchObject({
      code: "stream.fenced",
    });
    await expect(writeDocument(bucket, "rules.1", 3, 0, Math.random)).rejects.toMatchObject({
      code: "stream.fenced",
    });
    expect(await readDocument(bucket, "rules.1")).toMatchObject({ value: 2 });
  });

  test("may be larger than a message, and leaves nothing behind when it is replaced", async () => {
    const bucket = await setUp();
    const [one, two] = [large(), large()];
    const first = await writeDocument(bucket, "rules.1", one, 0, Math.random);
    expect(await readDocument(bucket, "rules.1")).toMatchObject({ kind: "read", value: one });
    const chunks = (await bucket.keys("rules.1.>")).length;
    expect(chunks).toBeGreaterThan(1);

    await writeDocument(bucket, "rules.1", two, first, Math.random);

    expect(await readDocument(bucket, "rules.1")).toMatchObject({ kind: "read", value: two });
    expect(await bucket.keys("rules.1.>")).toHaveLength(chunks);
  });

  test("stays whole when a writer that is refused has written its chunks", async () => {
    const bucket = await setUp();
    const [one, two] = [large(), large()];
    const first = await writeDocument(bucket, "rules.1", 0, 0, Math.random);
    await writeDocument(bucket, "rules.1", one, first, Math.random);

    await expect(writeDocument(bucket, "rules.1", two, first, Math.random)).rejects.toMatchObject({
      code: "stream.fenced",
    });

    expect(await readDocument(bucket, "rules.1")).toMatchObject({ kind: "read", value: one });
  });

  test("is called damaged when a chunk is gone, and can be replaced", async () => {
    const bucket = await setUp();
    const revision = await writeDocument(bucket, "rules.1", large(), 0, Math.random);
    const [chunk = ""] = await bucket.keys("rules.1.>");
    await bucket.remove(chunk);

    expect(await readDocument(bucket, "rules.1")).toMatchObject({ kind: "damaged", revision });

    await writeDocument(bucket, "rules.1", "small", revision, Math.random);
    expect(await readDocument(bucket, "rules.1")).toMatchObject({ kind: "read", value: "small" });
  });

  test("is called damaged when its bytes are not ours", async () => {
    const bucket = await setUp();
    const revision = await bucket.put("rules.1", Buffer.from("{by hand"), 0);
    expect(await readDocument(bucket, "rules.1")).toMatchObject({ kind: "damaged", revision });
  });
});

describe("key-value bucket", () => {
  test("is refused when its settings are not those that the fence needs", async () => {
    const { url } = await natsServer();
    const connection = await connectionOf(testBackbone(url));
    const { Kvm } = await import("@nats-io/kv");
    await new Kvm(connection).create("leases", { history: 5, ttl: 60_000 });

    await expect(openBucket(connection, "leases", 1)).rejects.toMatchObject({
      code: "stream.contract-mismatch",
      message: expect.stringContaining("max_msgs_per_subject is 5, not 1; values expire"),
    });
  });
});
