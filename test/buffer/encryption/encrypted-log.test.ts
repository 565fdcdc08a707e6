/** A log whose records are encrypted: what is on disk, and what damage, forgery and time do to it. */
import { describe, expect, it } from "vitest";
import { KeyRing, noKeys } from "../../../src/buffer/encryption/key-ring.ts";
import {
  frameBytesAt,
  frameHeaderBytes,
  payloadBytesAt,
  sealFrames,
  seqAt,
  tagBytes,
} from "../../../src/buffer/format/frame.ts";
import { frameSeedOf, framesFrom, uuidOf } from "../../../src/buffer/format/segment-header.ts";
import { exportBuffer } from "../../../src/buffer/tools/export-buffer.ts";
import { openBufferFolder } from "../../../src/buffer/tools/open-buffer-folder.ts";
import { showBuffer } from "../../../src/buffer/tools/show-buffer.ts";
import { verifyBuffer } from "../../../src/buffer/tools/verify-buffer.ts";
import type { Disk } from "../../../src/core/disk.ts";
import type { ManualClock } from "../../support/manual-clock.ts";
import type { SimDisk } from "../../support/sim-disk.ts";
import {
  append,
  appendMany,
  draftOf,
  gapsAmong,
  numberOf,
  openTestLog,
  place,
  positionAt,
  readAll,
  settle,
} from "../../support/test-log.ts";

const firstKey = Buffer.alloc(32, "first");
const secondKey = Buffer.alloc(32, "second");
const keys = new KeyRing(firstKey);
const segment = "/log/00000000000000000001.seg";
const roomy = { max_bytes: 2 ** 20, segment_bytes: 64 * 1024 };
const first = framesFrom(1);

function open(
  where: { readonly disk: Disk; readonly clock: ManualClock },
  run: string,
  ring = keys,
) {
  return openTestLog(where, run, roomy, { keys: ring });
}

/** Numbers of the measurements in the log, in order. */
async function numbersIn(log: Awaited<ReturnType<typeof open>>): Promise<number[]> {
  return (await readAll(log)).filter(({ kind }) => kind === "measurement").map(numberOf);
}

function bytesOf(disk: SimDisk): Record<string, string> {
  return Object.fromEntries(disk.paths.map((path) => [path, disk.contentOf(path).toString("hex")]));
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Where the frames of a segment begin, in order. */
function placesIn(bytes: Buffer, count: number): number[] {
  const places: number[] = [];
  for (let at = first; places.length < count; at += frameBytesAt(bytes, at)) places.push(at);
  return places;
}

describe("an encrypted log", () => {
  it("leaves nothing of its records on the disk, and gives all of it back", async () => {
    const where = place();
    const log = await open(where, "a");
    const identity = { counter: 5, boot: 1, hash: 2 };
    await append(log, { ...draftOf(1, identity), tail: ',"n":1,"x":"CANARY-EVENT"}' });
    await log.close();
    const reopened = await open(where, "b");
    await appendMany(reopened, 2, 3);
    for (const path of where.disk.paths) {
      const text = where.disk.contentOf(path).toString("latin1");
      for (const word of ["CANARY", "freezer", '"n":'])
        expect(text.includes(word), `${word} in ${path}`).toBe(false);
    }
    expect(await numbersIn(reopened)).toEqual([1, 2, 3, 4]);
    expect(await reopened.append(draftOf(1, identity))).toBeLessThanOrEqual(1);
    await reopened.close();
  });

  it("encrypts no two records with one key and nonce: not after failed writes, crashes, copies", async () => {
    const seen = new Map<string, string>();
    let frames = 0;
    /** Notes every frame that is written. */
    const noting = (disk: SimDisk): Disk => {
      const noted = async (path: string, mode?: "read" | "read-write") => {
        const file = mode === undefined ? await disk.create(path) : await disk.open(path);
        if (!/\.seg(\.new)?$/.test(path)) return file;
        return {
          ...file,
          async write(buffers: readonly Uint8Array[], position: number) {
            const bytes = Buffer.concat(buffers);
            const uuid =
              position === 0 ? uuidOf(bytes) : uuidOf(disk.contentOf(path).subarray(0, 128));
            for (let at = 0; position >= first && at + frameHeaderBytes < bytes.length; ) {
              const end = at + frameBytesAt(bytes, at);
              if (end > bytes.length || bytes.toString("latin1", at, at + 6) === "SLGEND") break;
              if (seqAt(bytes, at) > 1_000) break;
              const key = `${Buffer.from(uuid).toString("hex")} ${seqAt(bytes, at)}`;
              const text = bytes.toString("hex", at, end);
              expect(seen.get(key) ?? text).toBe(text);
              seen.set(key, text);
              frames += 1;
              at = end;
            }
            return file.write(buffers, position);
          },
        };
      };
      return {
        list: (folder) => disk.list(folder),
        makeFolder: () => disk.makeFolder(),
        create: (path) => noted(path),
        open: (path, mode) => noted(path, mode),
        rename: (from, to) => disk.rename(from, to),
        unlink: (path) => disk.unlink(path),
        syncFolder: (folder) => disk.syncFolder(folder),
        freeBytes: () => disk.freeBytes(),
      };
    };
    let { clock, disk } = place();
    for (let run = 0; run < 12; run += 1) {
      const log = await open({ disk: noting(disk), clock }, `a${run}`);
      let failures = run % 3;
      disk.fault = (call) => (call === "sync" && failures-- > 0 ? "EIO" : undefined);
      log.append(draftOf(run * 10));
      log.append(draftOf(run * 10 + 1));
      await settle();
      disk.heal();
      await clock.advance(5_000);
      disk.dieAfter(run % 5);
      log.append(draftOf(run * 10 + 2));
      await settle();
      // Both go on from here: what crashed, and a copy of it.
      const copy = disk.crash();
      const other = await open({ disk: noting(copy), clock }, `b${run}`);
      other.append(draftOf(9_000 + run));
      await settle();
      disk = disk.crash();
      ({ clock } = place());
    }
    expect(frames).toBeGreaterThan(40);
  });

  it("is refused with another key, with none and when it is turned off, and nothing is changed", async () => {
    const where = place();
    const killed = await open(where, "a");
    await appendMany(killed, 1, 5);
    const before = bytesOf(where.disk);
    for (const ring of [new KeyRing(secondKey), noKeys, new KeyRing(undefined, [secondKey])]) {
      await expect(open(where, "b", ring)).rejects.toMatchObject({
        code: "buffer.key",
        message: expect.stringContaining("encrypted with key"),
      });
      expect(bytesOf(where.disk)).toEqual(before);
    }
    const log = await open(where, "c");
    expect(await numbersIn(log)).toEqual(numbers(1, 5));
    await log.close();
  });

  it("loses one record to a flipped bit, and one to a forgery whose checksums fit", async () => {
    for (const isForged of [false, true]) {
      const where = place();
      const log = await open(where, "a");
      await appendMany(log, 1, 9);
      await log.close();
      where.disk.damage(segment, (bytes) => {
        const [at = 0] = placesIn(bytes, 5).slice(-1);
        const place = at + frameHeaderBytes + 30;
        bytes[place] = (bytes[place] ?? 0) ^ 1;
        if (isForged)
          sealFrames(bytes, at, at + frameBytesAt(bytes, at), frameSeedOf(uuidOf(bytes)));
        return bytes;
      });
      const folder = await openBufferFolder(where.disk, "/log", undefined, keys);
      const { damages } = await verifyBuffer(folder, false);
      expect(damages).toMatchObject([
        { kind: isForged ? "forged" : "payload", lost: { from: 5, to: 5 } },
      ]);
      const reopened = await open(where, "b");
      expect(await numbersIn(reopened)).toEqual([1, 2, 3, 4, 6, 7, 8, 9]);
      await settle();
      expect(gapsAmong(await readAll(reopened))).toMatchObject([{ from: 5, to: 5, count: 1 }]);
      await reopened.close();
    }
  });

  it("takes no record for genuine whose header was changed, though its checksums fit", async () => {
    // Its time, and its class.
    for (const offset of [16, 6]) {
      const where = place();
      const log = await open(where, "a");
      await appendMany(log, 1, 4);
      await log.close();
      where.disk.damage(segment, (bytes) => {
        const [at = 0] = placesIn(bytes, 2).slice(-1);
        bytes[at + offset] = (bytes[at + offset] ?? 0) ^ 1;
        sealFrames(bytes, at, at + frameBytesAt(bytes, at), frameSeedOf(uuidOf(bytes)));
        return bytes;
      });
      const folder = await openBufferFolder(where.disk, "/log", undefined, keys);
      const { damages } = await verifyBuffer(folder, false);
      expect(damages, `byte ${offset}`).toMatchObject([{ kind: "forged" }]);
    }
  });

  it("takes a tag, a header and a place of another record for what they are", async () => {
    const where = place();
    const log = await open(where, "a");
    await appendMany(log, 1, 4);
    await log.close();
    where.disk.damage(segment, (bytes) => {
      const [one = 0, two = 0] = placesIn(bytes, 2);
      const size = payloadBytesAt(bytes, one) + tagBytes;
      // The second record's payload and tag under the header of the first.
      bytes.copy(
        bytes,
        one + frameHeaderBytes,
        two + frameHeaderBytes,
        two + frameHeaderBytes + size,
      );
      sealFrames(bytes, one, two, frameSeedOf(uuidOf(bytes)));
      return bytes;
    });
    const reopened = await open(where, "b");
    expect(await numbersIn(reopened)).toEqual([2, 3, 4]);
    await reopened.close();
  });

  it("is read whole where its first page is lost, closed or killed", async () => {
    for (const isClosed of [true, false]) {
      const where = place();
      const log = await open(where, "a");
      await appendMany(log, 1, 20);
      if (isClosed) await log.close();
      where.disk.damage(segment, (bytes) => bytes.fill(0, 0, 512));
      await expect(open(where, "b", noKeys)).rejects.toMatchObject({ code: "buffer.key" });
      const reopened = await open(where, "b");
      expect(await numbersIn(reopened)).toEqual(numbers(1, 20));
      expect(reopened.state().droppedRecords).toBe(0);
      await reopened.close();
    }
  });

  it("is read with whichever key opens it where both headers are lost", async () => {
    const where = place();
    const log = await open(where, "a");
    await appendMany(log, 1, 20);
    await log.close();
    where.disk.damage(segment, (bytes) => bytes.fill(0, 0, first));
    const reopened = await open(where, "b", new KeyRing(secondKey, [firstKey]));
    expect(await numbersIn(reopened)).toEqual(numbers(1, 20));
    await reopened.close();
  });

  it("goes on behind plain records of earlier, and reads on when it is turned off again", async () => {
    const where = place();
    const plain = await open(where, "a", noKeys);
    await appendMany(plain, 1, 3);
    await plain.close();
    const encrypted = await open(where, "b");
    await appendMany(encrypted, 4, 3);
    await encrypted.close();
    const again = await open(where, "c", new KeyRing(undefined, [firstKey]));
    await appendMany(again, 7, 3);
    expect(await numbersIn(again)).toEqual(numbers(1, 9));
    await again.close();
    const report = await showBuffer(await openBufferFolder(where.disk, "/log"), false);
    expect(report.segments.map(({ key }) => key !== undefined)).toEqual([false, true, false]);
  });

  it("takes a new key for what comes, and says which former keys are still needed", async () => {
    const where = place();
    const log = await open(where, "a");
    await appendMany(log, 1, 3);
    await log.close();
    const rotated = new KeyRing(secondKey, [firstKey]);
    const next = await open(where, "b", rotated);
    await appendMany(next, 4, 3);
    expect(await numbersIn(next)).toEqual(numbers(1, 6));
    const shown = async () => {
      const folder = await openBufferFolder(where.disk, "/log", undefined, rotated);
      return (await showBuffer(folder, true)).keys;
    };
    expect(await shown()).toMatchObject([
      { segments: 1, current: false, missing: false },
      { segments: 1, current: true, missing: false },
    ]);
    next.confirm(positionAt(next, 6));
    await next.close();
    const last = await open(where, "c", rotated);
    await appendMany(last, 7, 1);
    last.confirm(positionAt(last, 7));
    await where.clock.advance(2 * 600_000);
    await last.close();
    expect(await shown()).toMatchObject([{ current: true }]);
  });

  it("keeps what is important of a full buffer, as a plain one does", async () => {
    const where = place();
    const log = await openTestLog(where, "a", { max_bytes: 512 * 1024 }, { keys });
    for (let n = 1; n <= 1_500; n += 1) {
      const draft = draftOf(n, undefined, 300);
      log.append(n % 10 === 0 ? { ...draft, recordClass: "alarm" } : draft);
      if (n % 20 === 0) await settle();
    }
    await settle();
    const alarms = (await readAll(log)).filter(({ recordClass }) => recordClass === "alarm");
    const important = alarms.filter(({ kind }) => kind === "measurement").map(numberOf);
    expect(important).toEqual(numbers(1, 150).map((n) => n * 10));
    expect(log.state().droppedRecords).toBeGreaterThan(100);
    await log.close();
    const folder = await openBufferFolder(where.disk, "/log", undefined, keys);
    expect((await verifyBuffer(folder, false)).lostRecords).toBe(0);
  });

  it("is shown and checked without its key as far as that goes, and exported with it only", async () => {
    const where = place();
    const log = await open(where, "a");
    await appendMany(log, 1, 7);
    await log.close();
    const folder = await openBufferFolder(where.disk, "/log");
    const report = await showBuffer(folder, false);
    expect(report.records.telemetry).toBe(7);
    expect(report.keys).toMatchObject([{ segments: 1, current: false, missing: true }]);
    const verified = await verifyBuffer(folder, false);
    expect(verified).toMatchObject({ records: 7, damages: [], lostRecords: 0 });
    expect(verified.missingKeys).toEqual(report.keys.map(({ id }) => id));
    const bodies: string[] = [];
    const sink = {
      record: (body: Buffer) => void bodies.push(body.toString()),
      chunkEnd: async () => {},
      damage: () => {},
    };
    const all = { from: 1, to: 100 };
    await expect(exportBuffer(folder, false, all, sink)).rejects.toMatchObject({
      code: "buffer.key",
    });
    const opened = await openBufferFolder(where.disk, "/log", undefined, keys);
    expect(await exportBuffer(opened, false, all, sink)).toBe(7);
    expect(bodies.every((body) => body.includes('"n":'))).toBe(true);
  });
});
