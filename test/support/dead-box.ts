/** Data folders of boxes that are not running, and the program that looks into them. */
import { spawnSync } from "node:child_process";
import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { nodeDisk } from "../../src/buffer/disk.ts";
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import { program } from "./gateway-program.ts";
import { ManualClock } from "./manual-clock.ts";
import { appendSamples, openSampleLog } from "./sample-log.ts";
import { tempFolder } from "./temp-folder.ts";

export interface Box {
  readonly data: string;
  readonly log: string;
}

/** A data folder with the events 1 to 60 in several segments, left as `leave` leaves it. */
export async function boxWith(
  leave: (log: SegmentLog) => Promise<void> = (log) => log.close(),
): Promise<Box> {
  const data = await tempFolder();
  const folder = join(data, "log");
  const place = { disk: nodeDisk, folder, clock: new ManualClock() };
  const log = await openSampleLog(place, "firstrun");
  onTestFinished(() => log.close());
  await appendSamples(log, place, 60);
  await leave(log);
  return { data, log: folder };
}

/** Runs the program to its end. */
export function sluicegate(...args: string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [program, ...args], {
    encoding: "utf8",
    timeout: 20_000,
    input: "",
  });
  return { status, stderr, stdout };
}

/** Names of its segments, oldest first. */
export async function segmentsOf({ log }: Box): Promise<string[]> {
  return (await readdir(log)).filter((name) => name.endsWith(".seg")).sort();
}

/** Where record `seq` begins in the file: the place of its seq in a frame header. */
export async function frameAt(path: string, seq: number): Promise<number> {
  const bytes = await readFile(path);
  for (let at = 128; at + 32 < bytes.length; at += 8)
    if (bytes.readBigUInt64LE(at + 8) === BigInt(seq) && bytes.readUInt32LE(at) < 2_000) return at;
  throw new Error(`no record ${seq} in ${path}`);
}

export async function flipBit(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 0x10;
  await file.write(byte, 0, 1, at);
  await file.close();
}
