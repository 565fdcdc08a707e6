import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checksum } from "../../../src/buffer/format/checksum.ts";
import { segmentVersion } from "../../../src/buffer/format/segment-header.ts";
import { toGatewayId, toSeq, toSiteId, toStreamSeq } from "../../../src/core/ids.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { SimDisk } from "../../support/sim-disk.ts";
import {
  append,
  appendMany,
  draftOf,
  gapsAmong,
  type KeptRecord,
  numberOf,
  openTestLog,
  readAll,
} from "../../support/test-log.ts";

const options = { max_bytes: 64 * 1024 };

/** A log of several segments with the records 1 to 200, closed. */
async function closedLog(): Promise<{ disk: SimDisk; clock: ManualClock; segments: string[] }> {
  const disk = new SimDisk({ random: () => 0 });
  const clock = new ManualClock();
  const log = await openTestLog({ disk, clock }, "a", options);
  for (let n = 1; n <= 200; n += 1) {
    const waiting = append(log, draftOf(n, { counter: n, boot: 1, hash: n }));
    if (n % 5 === 0) await waiting;
  }
  await log.close();
  return { disk, clock, segments: disk.paths.filter((path) => path.endsWith(".seg")) };
}

/** What is missing of 1 to `last`, and what gap events say of it, once everything was read twice. */
async function lossesFound(
  place: { disk: SimDisk; clock: ManualClock },
  last = 200,
): Promise<{ missing: number[]; declared: number[]; records: KeptRecord[] }> {
  const log = await openTestLog(place, "b", options);
  await readAll(log);
  await append(log, draftOf(9_999));
  const records = await readAll(log);
  const held = new Set(records.map(({ seq }): number => seq));
  const missing = Array.from({ length: last }, (_, index) => index + 1).filter(
    (seq) => !held.has(seq),
  );
  const declared = gapsAmong(records).flatMap(({ from, to, count }) => {
    expect(count).toBe(to - from + 1);
    return Array.from({ length: count }, (_, index) => from + index);
  });
  for (const record of records) if (record.seq <= last) expect(numberOf(record)).toBe(record.seq);
  await log.close();
  return { missing, declared, records };
}

describe("a start", () => {
  it("finds all records and writes nothing until something is appended", async () => {
    const { disk, clock } = await closedLog();
    const changing: string[] = [];
    disk.fault = (call) => {
      if (!["list", "open", "read"].includes(call)) changing.push(call);
      return undefined;
    };
    const log = await openTestLog({ disk, clock }, "b", options);
    expect(await readAll(log)).toHaveLength(200);
    expect(log.lastAppendedMs).toBe(clock.wallMs());
    await log.close();
    expect(changing).toEqual([]);
  });

  it("reads of sealed segments only the ends, however much is in them", async () => {
    const { disk, clock, segments } = await closedLog();
    let reads = 0;
    disk.fault = (call) => {
      if (call === "read") reads += 1;
      return undefined;
    };
    await openTestLog({ disk, clock }, "b", options);
    expect(reads).toBeLessThanOrEqual(segments.length * 3 + 3);
  });

  it("cuts a torn tail, keeps what was cut, and goes on behind it", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const clock = new ManualClock();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMany(log, 1, 10);
    const survived = disk.crash();
    survived.damage("/log/00000000000000000001.seg", (bytes) => bytes.subarray(0, -50));
    const again = await openTestLog({ disk: survived, clock }, "b", options);
    await append(again, draftOf(10));
    const records = await readAll(again);
    expect(records.map(numberOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(gapsAmong(records)).toEqual([]);
    const kept = survived.paths.filter((path) => path.startsWith("/log/quarantine/"));
    expect(kept).toHaveLength(2);
    const manifest = survived.contentOf("/log/quarantine/manifest.ndjson").toString();
    expect(JSON.parse(manifest)).toMatchObject({
      segment: "00000000000000000001.seg",
      reason: "torn-tail",
    });
  });

  it("keeps the place of a tail that the medium does not give: nobody knows that it was nothing", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const clock = new ManualClock();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMany(log, 1, 10);
    const survived = disk.crash();
    const path = "/log/00000000000000000001.seg";
    survived.damage(path, (bytes) =>
      Buffer.concat([bytes, Buffer.alloc(2 * 4096 - bytes.length), Buffer.alloc(4096, 1)]),
    );
    survived.badSector(path, 2 * 4096);
    const again = await openTestLog({ disk: survived, clock }, "b", options);
    expect((await readAll(again)).map(numberOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const manifest = survived.contentOf("/log/quarantine/manifest.ndjson").toString();
    expect(JSON.parse(manifest)).toMatchObject({ reason: "torn-tail" });
  });

  it("takes zeros at the end for the clean end they are", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const clock = new ManualClock();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMany(log, 1, 10);
    const survived = disk.crash();
    survived.damage("/log/00000000000000000001.seg", (bytes) =>
      Buffer.concat([bytes, Buffer.alloc(5_000)]),
    );
    const again = await openTestLog({ disk: survived, clock }, "b", options);
    expect(await readAll(again)).toHaveLength(10);
    expect(survived.paths.some((path) => path.includes("quarantine"))).toBe(false);
  });

  it("declares a damaged record in a sealed segment, once, and keeps its bytes", async () => {
    const place = await closedLog();
    const [, second = ""] = place.segments;
    place.disk.damage(second, (bytes) => bytes.fill(0xff, 128 + 60, 128 + 64));
    const first = await lossesFound(place);
    expect(first.missing).toHaveLength(1);
    expect(first.declared).toEqual(first.missing);
    const again = await openTestLog(place, "c", options);
    expect(gapsAmong(await readAll(again))).toHaveLength(1);
    expect(again.state().waitingRecords).toBe(199 + 2);
    expect(place.disk.paths.filter((path) => path.endsWith(".bytes"))).toHaveLength(1);
  });

  it("declares the records of a segment that is gone", async () => {
    const place = await closedLog();
    const [, second = "", third = ""] = place.segments;
    place.disk.lose(second);
    const { missing, declared } = await lossesFound(place);
    expect(missing.length).toBe(Number(third.slice(-10, -4)) - Number(second.slice(-10, -4)));
    expect(declared).toEqual(missing);
  });

  it("declares the records of the oldest segment when it is gone and was never confirmed", async () => {
    const place = await closedLog();
    const [first = "", second = ""] = place.segments;
    place.disk.lose(first);
    const { missing, declared } = await lossesFound(place);
    expect(missing.length).toBe(Number(second.slice(-10, -4)) - 1);
    expect(declared).toEqual(missing);
  });

  it("gives a renamed segment its name again, and sets a copy of one aside", async () => {
    const place = await closedLog();
    const [, second = "", third = ""] = place.segments;
    await place.disk.rename(second, `${second}.bak`);
    const again = await lossesFound(place);
    expect(again.missing).toEqual([]);
    expect(again.declared).toEqual([]);
    expect(place.disk.paths).toContain(second);
    const bytes = place.disk.contentOf(third);
    const copy = await place.disk.create("/log/00000000000000000777.seg");
    await copy.write([bytes], 0);
    await copy.close();
    const log = await openTestLog(place, "c", options);
    expect(log.state().droppedRecords).toBe(0);
    expect(place.disk.paths).not.toContain("/log/00000000000000000777.seg");
    expect(place.disk.paths).toContain("/log/quarantine/00000000000000000777-0.bytes");
  });

  it("reads an unclosed segment whose whole header is gone", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const clock = new ManualClock();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMany(log, 1, 20);
    const survived = disk.crash();
    survived.damage("/log/00000000000000000001.seg", (bytes) => bytes.fill(0, 0, 128));
    const again = await openTestLog({ disk: survived, clock }, "b", options);
    expect((await readAll(again)).map(numberOf)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
    const third = await openTestLog({ disk: survived.crash(), clock }, "c", options);
    expect(await readAll(third)).toHaveLength(20);
  });

  it("says nothing of what is missing but was confirmed", async () => {
    const place = await closedLog();
    const log = await openTestLog(place, "x", options);
    const [last] = (await readAll(log)).slice(-1);
    log.confirm({ run: last?.run ?? log.run, seq: toSeq(150), streamSeq: toStreamSeq(150) });
    await log.close();
    const [, second = ""] = place.segments;
    place.disk.lose(second);
    expect((await lossesFound(place)).declared).toEqual([]);
  });

  it("does without a header, and without a footer", async () => {
    for (const [from, to] of [
      [0, 16],
      [100, 128],
    ]) {
      const place = await closedLog();
      const last = place.segments.at(-1) ?? "";
      for (const path of [place.segments[0] ?? "", last])
        place.disk.damage(path, (bytes) => bytes.fill(1, from, to));
      place.disk.damage(last, (bytes) => bytes.fill(1, bytes.length - 100));
      const { missing, declared } = await lossesFound(place);
      expect([missing, declared]).toEqual([[], []]);
    }
  });

  it("reads what stands behind an overwritten beginning, however long", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const clock = new ManualClock();
    const large = { max_bytes: 2 ** 25 };
    const log = await openTestLog({ disk, clock }, "a", large);
    for (let n = 1; n <= 24; n += 1) await append(log, draftOf(n, undefined, 60_000));
    const survived = disk.crash();
    survived.damage("/log/00000000000000000001.seg", (bytes) => bytes.fill(0, 0, 1_100_000));
    const again = await openTestLog({ disk: survived, clock }, "b", large);
    await append(again, draftOf(25));
    const records = await readAll(again);
    const numbers = records.filter(({ kind }) => kind === "measurement").map(numberOf);
    expect(numbers).toEqual([20, 21, 22, 23, 24, 25]);
    expect(gapsAmong(records)).toMatchObject([{ from: 1, to: 19, count: 19, reason: "damaged" }]);
    await again.close();
  });

  it("recognizes resends though the newest footer is torn", async () => {
    const place = await closedLog();
    const trailerBytes = 144;
    place.disk.damage(place.segments.at(-1) ?? "", (bytes) =>
      bytes.fill(1, bytes.length - trailerBytes - 30, bytes.length - trailerBytes),
    );
    const log = await openTestLog(place, "b", options);
    for (const n of [190, 200]) await append(log, draftOf(n, { counter: n, boot: 1, hash: n }));
    expect(log.lastSeq).toBe(200);
  });

  it("sets the segments of another gateway aside", async () => {
    const { disk, clock } = await closedLog();
    const origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw2") };
    const log = await openTestLog({ disk, clock }, "b", options, { origin });
    expect(await readAll(log)).toEqual([]);
    expect(disk.paths.some((path) => /^\/log\/\d+\.seg$/.test(path))).toBe(false);
    await append(log, draftOf(1));
    expect(log.lastSeq).toBe(1);
  });

  it("refuses what a later version wrote, and changes nothing", async () => {
    const { disk, clock, segments } = await closedLog();
    disk.damage(segments[1] ?? "", (bytes) => {
      bytes.writeUInt16LE(segmentVersion + 1, 8);
      bytes.writeUInt32LE(checksum(bytes, 0, 124, 0), 124);
      return bytes;
    });
    const before = disk.paths.map((path) => disk.contentOf(path).toString("hex"));
    await expect(openTestLog({ disk, clock }, "b", options)).rejects.toMatchObject({
      code: "buffer.version",
    });
    expect(disk.paths.map((path) => disk.contentOf(path).toString("hex"))).toEqual(before);
  });

  it("begins above what the backbone confirmed, though the disk forgot it", async () => {
    const place = await closedLog();
    const log = await openTestLog(place, "x", options);
    log.confirm({ run: log.run, seq: toSeq(200), streamSeq: toStreamSeq(200) });
    await log.close();
    for (const path of place.segments.slice(1)) place.disk.lose(path);
    const again = await openTestLog(place, "b", options);
    await append(again, draftOf(201));
    expect(again.lastSeq).toBe(201);
    expect(again.state().waitingRecords).toBe(1);
    await again.close();
    const third = await openTestLog(place, "c", options);
    expect(gapsAmong(await readAll(third))).toEqual([]);
  });

  it("is refused while the medium gives nothing at all, and then finds everything", async () => {
    const { disk, clock } = await closedLog();
    const before = disk.paths;
    disk.fault = (call) => (call === "open" ? "EIO" : undefined);
    await expect(openTestLog({ disk, clock }, "b", options)).rejects.toMatchObject({
      code: "buffer.io",
    });
    expect(disk.paths).toEqual(before);
    disk.heal();
    expect(await readAll(await openTestLog({ disk, clock }, "b", options))).toHaveLength(200);
  });

  it("is refused where a file is closed to this user, and changes nothing", async () => {
    const { disk, clock, segments } = await closedLog();
    const before = disk.paths;
    disk.fault = (call, path) => (call === "open" && path === segments[1] ? "EACCES" : undefined);
    await expect(openTestLog({ disk, clock }, "b", options)).rejects.toMatchObject({
      code: "buffer.denied",
    });
    expect(disk.paths).toEqual(before);
  });

  it("sets a file aside that alone cannot be opened, and declares what was in it", async () => {
    const place = await closedLog();
    const [, path = ""] = place.segments;
    place.disk.fault = (call, of) => (call === "open" && of === path ? "EIO" : undefined);
    const { missing, declared } = await lossesFound(place);
    expect(missing.length).toBeGreaterThan(3);
    expect(declared).toEqual(missing);
    expect(place.disk.paths).not.toContain(path);
  });

  it("keeps seqs above all that an unreadable file may hold, when nobody knows its end", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const clock = new ManualClock();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMany(log, 1, 40);
    const survived = disk.crash();
    const newest = survived.paths.at(-1) ?? "";
    survived.fault = (call, path) => (call === "open" && path === newest ? "EIO" : undefined);
    const again = await openTestLog({ disk: survived, clock }, "b", options);
    await append(again, draftOf(41));
    expect(again.lastSeq).toBeGreaterThan(41);
    expect(again.state().droppedRecords).toBeGreaterThanOrEqual(40);
  });

  it("does not let a late write of an earlier run take the place of a new record", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const clock = new ManualClock();
    const log = await openTestLog({ disk, clock }, "a", options);
    await appendMany(log, 1, 11);
    const survived = disk.crash();
    const [path = ""] = survived.paths;
    const whole = Buffer.from(survived.contentOf(path));
    survived.damage(path, (bytes) => bytes.subarray(0, -10));
    survived.fault = (_call, of) => (of.includes("quarantine") ? "ENOSPC" : undefined);
    const second = await openTestLog({ disk: survived, clock }, "b", options);
    await append(second, draftOf(50));
    await second.close();
    survived.damage(path, () => whole);
    const third = await openTestLog({ disk: survived, clock }, "c", options);
    expect((await readAll(third)).map(numberOf)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 50]);
  });

  it.each([
    { bootId: "boot-1", held: [1, 2], what: "gives the medium what only the system remembered" },
    { bootId: "boot-2", held: [1], what: "overwrites nothing once the machine was started again" },
  ])("$what", async ({ bootId, held }) => {
    const disk = new SimDisk({ random: () => 0.9 });
    const clock = new ManualClock();
    const log = await openTestLog({ disk, clock }, "a", options, { bootId: "boot-1" });
    await append(log, draftOf(1));
    disk.fault = (call) => (call === "sync" || call === "create" ? "EIO" : undefined);
    log.append(draftOf(2));
    await log.close();
    disk.heal();
    await openTestLog({ disk, clock }, "b", options, { bootId });
    const survived = disk.crash();
    const again = await openTestLog({ disk: survived, clock }, "c", options, { bootId });
    const kept = (await readAll(again)).filter(({ kind }) => kind !== "gap");
    expect(kept.map(numberOf)).toEqual(held);
  });

  it("finds nothing again in a failed segment that was given up in those that took over", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const clock = new ManualClock();
    const log = await openTestLog({ disk, clock }, "a");
    for (const n of [1, 2, 3]) {
      await appendMany(log, n * 10, 5);
      let left = 1;
      disk.fault = (call) => (call === "sync" && left-- > 0 ? "EIO" : undefined);
      await appendMany(log, n * 10 + 5, 5);
    }
    const reader = await log.openReader(toSeq(0), { publishing: true });
    expect((await reader.next(1)).length).toBe(1);
    for (let n = 100; n < 500; n += 10) await appendMany(log, n, 10);
    const declared = gapsAmong(await readAll(log));
    const survived = disk.crash();
    const again = await openTestLog({ disk: survived, clock }, "b");
    const records = await readAll(again);
    expect(gapsAmong(records)).toEqual(declared);
    for (const { from, to } of declared)
      expect(records.filter(({ seq }) => from <= seq && seq <= to)).toEqual([]);
  });

  it("finishes a drop whose gap event is durable", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const clock = new ManualClock();
    const log = await openTestLog({ disk, clock }, "a");
    let died = false;
    disk.fault = (call) => {
      if (call === "unlink") died = true;
      return died ? "EIO" : undefined;
    };
    for (let n = 1; n <= 400 && !died; n += 1) {
      log.append(draftOf(n));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(died).toBe(true);
    const survived = disk.crash();
    expect(survived.paths[0]).toBe("/log/00000000000000000001.seg");
    const again = await openTestLog({ disk: survived, clock }, "b");
    expect(survived.paths[0]).not.toBe("/log/00000000000000000001.seg");
    const records = await readAll(again);
    const declared = gapsAmong(records).reduce((sum, { count }) => sum + count, 0);
    expect(declared).toBe((records[0]?.seq ?? 0) - 1);
  });

  it("loses no more than what was damaged, and says exactly what, wherever the damage is", async () => {
    const intact = await closedLog();
    const damage = fc.record({
      segment: fc.nat(intact.segments.length - 1),
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      kind: fc.constantFrom("bit", "zeros", "unreadable" as const),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ segment, at, kind }) => {
        const place = await closedLog();
        const path = place.segments[segment] ?? "";
        const offset = Math.floor(at * place.disk.contentOf(path).length);
        if (kind === "unreadable") place.disk.badSector(path, offset);
        else
          place.disk.damage(path, (bytes) => {
            if (kind === "zeros")
              return bytes.fill(0, offset, Math.min(bytes.length, offset + 512));
            bytes[offset] = (bytes[offset] ?? 0) ^ 0x10;
            return bytes;
          });
        const { missing, declared } = await lossesFound(place);
        expect(declared).toEqual(missing);
        expect(missing.length).toBeLessThanOrEqual(kind === "unreadable" ? 40 : 7);
      }),
      { numRuns: 150 },
    );
  });
});
