import { describe, expect, it } from "vitest";
import { CursorFile } from "../../src/buffer/cursor.ts";
import {
  type CursorState,
  formatCursorSlot,
  parseCursorSlot,
} from "../../src/buffer/format/cursor-slot.ts";
import { toRunId, toSeq, toStreamSeq } from "../../src/core/ids.ts";
import { SimDisk } from "../support/sim-disk.ts";

const gatewayHash = "0123456789abcdef";

function cursorAt(seq: number): CursorState {
  const run = toRunId("k3f9q2aa");
  return {
    confirmed: { run, seq: toSeq(seq), streamSeq: toStreamSeq(seq + 100) },
    publishedFirstSeq: seq - 1,
    durableSeq: seq + 5,
    runs: [toRunId("older000"), run],
  };
}

async function loaded(disk: SimDisk): Promise<CursorFile> {
  const file = new CursorFile(disk, "/log", gatewayHash);
  await file.load();
  return file;
}

describe("a slot of the cursor", () => {
  it("comes back as it was written, with the newest runs that fit", () => {
    expect(parseCursorSlot(formatCursorSlot(cursorAt(5), 9, gatewayHash), gatewayHash)).toEqual({
      generation: 9,
      state: cursorAt(5),
    });
    const runs = Array.from({ length: 80 }, (_, index) => toRunId(String(index).padStart(8, "0")));
    const found = parseCursorSlot(
      formatCursorSlot({ ...cursorAt(5), runs }, 1, gatewayHash),
      gatewayHash,
    );
    expect(found?.state.runs).toEqual(runs.slice(-54));
  });

  it("is nothing when a byte differs, or for another gateway", () => {
    const slot = formatCursorSlot(cursorAt(5), 9, gatewayHash);
    expect(parseCursorSlot(slot, "0000000000000000")).toBeUndefined();
    slot[300] = 1;
    expect(parseCursorSlot(slot, gatewayHash)).toBeUndefined();
  });
});

describe("CursorFile", () => {
  it("begins empty and finds what was saved last", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const file = await loaded(disk);
    expect(file.saved).toEqual({
      confirmed: undefined,
      publishedFirstSeq: 0,
      durableSeq: 0,
      runs: [],
    });
    for (const seq of [10, 20, 30]) await file.save(cursorAt(seq));
    expect((await loaded(disk.crash())).saved).toEqual(cursorAt(30));
  });

  it("falls back to the slot before when one is torn", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const file = await loaded(disk);
    for (const seq of [10, 20, 30]) await file.save(cursorAt(seq));
    const newest = 3 % 2;
    disk.damage("/log/cursor", (bytes) => bytes.fill(1, newest * 512 + 100, newest * 512 + 200));
    expect((await loaded(disk)).saved).toEqual(cursorAt(20));
  });

  it("is no cursor when the file is garbage", async () => {
    const disk = new SimDisk({ random: () => 0 });
    await (await loaded(disk)).save(cursorAt(10));
    disk.damage("/log/cursor", () => Buffer.from("garbage"));
    expect((await loaded(disk)).saved.confirmed).toBeUndefined();
  });

  it("begins a new file after a failed sync, and never syncs the old one again", async () => {
    const disk = new SimDisk({ random: () => 0 });
    const file = await loaded(disk);
    await file.save(cursorAt(10));
    disk.fault = (call) => (call === "sync" ? "EIO" : undefined);
    await expect(file.save(cursorAt(20))).rejects.toThrow("EIO");
    expect(file.saved).toEqual(cursorAt(10));
    const synced: string[] = [];
    disk.fault = (call, path) => {
      if (call === "sync") synced.push(path);
      return undefined;
    };
    await file.save(cursorAt(30));
    expect(synced).toEqual(["/log/cursor.new"]);
    expect((await loaded(disk.crash())).saved).toEqual(cursorAt(30));
  });
});
