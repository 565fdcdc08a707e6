/** Messages that devices send again, over everything that can happen to the files meanwhile. */
import { describe, expect, it } from "vitest";
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { SimDisk } from "../support/sim-disk.ts";
import { append, draftOf, gapsAmong, numberOf, openTestLog, readAll } from "../support/test-log.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Segments of about fifty messages, whose footers have room for the last five hundred. */
const options = { max_bytes: 512 * 1024 };
const trailerBytes = 144;

function place(random = () => 0) {
  return { disk: new SimDisk({ random }), clock: new ManualClock() };
}

/** Message `n` of a device that counts and has nothing to tell its starts apart by. */
function message(n: number, hash = n) {
  return draftOf(n, { counter: n, boot: 0, hash }, 1_000);
}

/** Sends the messages `from` to `to`, five to a commit. */
async function send(log: SegmentLog, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 5) {
    const some = Array.from({ length: Math.min(5, to - n + 1) }, (_, index) => n + index);
    await Promise.all(some.map((one) => append(log, message(one))));
  }
}

async function numbersIn(log: SegmentLog): Promise<number[]> {
  return (await readAll(log)).filter(({ kind }) => kind === "measurement").map(numberOf);
}

function confirm(log: SegmentLog, seq: number): void {
  log.confirm({ run: log.run, seq: toSeq(seq), streamSeq: toStreamSeq(seq) });
}

function segmentsOf(disk: SimDisk): string[] {
  return disk.paths.filter((path) => path.endsWith(".seg"));
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("a message that comes again", () => {
  it("is stored once wherever the power went, also between the sync and the ack", async () => {
    let random = 0;
    for (let calls = 1; calls < 80; calls += 1) {
      const { disk, clock } = place(() => {
        random = (random * 16_807 + 11) % 2_147_483_647;
        return random / 2_147_483_647;
      });
      const log = await openTestLog({ disk, clock }, "a", options);
      await send(log, 1, 5);
      disk.dieAfter(calls);
      let acked = 5;
      void (async () => {
        for (let n = 6; n <= 40; n += 1) {
          await append(log, message(n));
          acked = n;
        }
      })();
      for (let turn = 0; turn < 300 && !disk.isDead && acked < 40; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      const next = await openTestLog({ disk: disk.crash(), clock }, "b", options);
      // The device kept two more than it needs to.
      await send(next, Math.max(1, acked - 1), 40);
      expect(await numbersIn(next), `${calls} calls`).toEqual(numbers(1, 40));
    }
  });

  it("is recognized though the newest footer is damaged anywhere, or the two newest are", async () => {
    for (const back of [1, 60, trailerBytes - 1, trailerBytes + 1, trailerBytes + 300]) {
      for (const footers of [1, 2]) {
        const { disk, clock } = place();
        const log = await openTestLog({ disk, clock }, "a", options);
        await send(log, 1, 200);
        await log.close();
        for (const path of segmentsOf(disk).slice(-footers))
          disk.damage(path, (bytes) => {
            bytes.writeUInt8(0xff ^ bytes.readUInt8(bytes.length - back), bytes.length - back);
            return bytes;
          });
        const next = await openTestLog({ disk, clock }, "b", options);
        await send(next, 1, 200);
        expect(await numbersIn(next), `${footers} damaged, ${back} before the end`).toEqual(
          numbers(1, 200),
        );
      }
    }
  });

  it("is recognized after its record was confirmed and deleted, and the power went", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await send(log, 1, 200);
    confirm(log, 200);
    await clock.advance(700_000);
    expect(log.firstSeq).toBeGreaterThan(100);
    const next = await openTestLog({ disk: disk.crash(), clock }, "b", options);
    await send(next, 100, 200);
    expect(next.lastSeq).toBe(200);
  });

  it("stays given up when its record was: a full buffer declares it lost once and for all", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await send(log, 1, 480);
    // Until a drop is declared, readers wait in front of what it took.
    await waitUntil(() => log.durableSeq === log.lastSeq, "all is declared");
    const held = await numbersIn(log);
    expect(held[0]).toBeGreaterThan(10);
    const declared = gapsAmong(await readAll(log)).reduce((sum, { count }) => sum + count, 0);
    await send(log, 1, 480);
    const next = await openTestLog({ disk: disk.crash(), clock }, "b", options);
    await send(next, 1, 480);
    expect(await numbersIn(next)).toEqual(held);
    expect(declared).toBe(480 - held.length);
  });

  it("is recognized though a sealed segment lost it to damage, or is set aside as a whole", async () => {
    for (const damage of ["record", "segment"] as const) {
      const { disk, clock } = place();
      const log = await openTestLog({ disk, clock }, "a", options);
      await send(log, 1, 200);
      await log.close();
      const [, second = ""] = segmentsOf(disk);
      disk.damage(second, (bytes) =>
        damage === "segment" ? bytes.fill(7) : bytes.fill(7, 1_000, 1_010),
      );
      const next = await openTestLog({ disk, clock }, "b", options);
      const read = await numbersIn(next);
      expect(read.length).toBeLessThan(200);
      await send(next, 1, 200);
      expect(await numbersIn(next)).toEqual(read);
      await waitUntil(() => next.durableSeq === next.lastSeq, "the loss is declared");
      const declared = gapsAmong(await readAll(next)).reduce((sum, { count }) => sum + count, 0);
      expect(read.length + declared).toBe(200);
    }
  });

  it("is a new one when the device began to count anew and says something else", async () => {
    const { disk, clock } = place();
    const log = await openTestLog({ disk, clock }, "a", options);
    await send(log, 1, 20);
    await append(log, message(1, 901));
    const next = await openTestLog({ disk: disk.crash(), clock }, "b", options);
    await append(next, message(1, 901));
    await append(next, message(2, 902));
    await append(next, message(2, 902));
    expect(await numbersIn(next)).toEqual([...numbers(1, 20), 1, 2]);
  });

  it("is recognized among the last 1,024 of its device, over a restart too, and not beyond", async () => {
    const { disk, clock } = place();
    // Room for the index of all of them in a footer.
    const large = { max_bytes: 4 * 2 ** 20 };
    const log = await openTestLog({ disk, clock }, "a", large);
    await send(log, 1, 1_100);
    await send(log, 77, 1_100);
    expect(log.lastSeq).toBe(1_100);
    await log.close();
    const next = await openTestLog({ disk, clock }, "b", large);
    await send(next, 77, 1_100);
    expect(next.lastSeq).toBe(1_100);
    await append(next, message(76));
    expect(next.lastSeq).toBe(1_101);
  });
});
