/**
 * The disk by itself: a small write and fdatasync, one after the other, or at a rate. At a rate whatever came
 * due during one sync shares the next, as in a group commit.
 */
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import { LatencyHistogram } from "../../../src/simulate/latency-histogram.ts";
import { answer, readArguments } from "./answer.ts";
import type { DiskAnswer, DiskArguments } from "./reports.ts";

/** Devices of the load generator send in steps of this, too. */
const paceMs = 5;

const { count, folder, ratePerSecond } = readArguments<DiskArguments>();
const file = await nodeDisk.create(join(folder, "syncs"));
const record = Buffer.alloc(512, 0x20);
const latency = new LatencyHistogram();

async function oneAfterTheOther(): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const startedMs = performance.now();
    await file.write([record], n * record.length);
    await file.sync();
    latency.record(performance.now() - startedMs);
  }
}

async function atRate(perSecond: number): Promise<void> {
  const startedMs = performance.now();
  const dueMs: number[] = [];
  let due = 0;
  const pacing = setInterval(() => {
    const nowMs = performance.now();
    for (; due < count && due < ((nowMs - startedMs) * perSecond) / 1_000; due += 1)
      dueMs.push(nowMs);
  }, paceMs);
  for (let written = 0; written < count; ) {
    const batch = dueMs.splice(0);
    if (batch.length === 0) {
      await pause(1);
      continue;
    }
    await file.write(
      batch.map(() => record),
      written * record.length,
    );
    await file.sync();
    const nowMs = performance.now();
    for (const each of batch) latency.record(nowMs - each);
    written += batch.length;
  }
  clearInterval(pacing);
}

await (ratePerSecond === undefined ? oneAfterTheOther() : atRate(ratePerSecond));
await file.close();
answer({ p50Ms: latency.quantileMs(0.5), p99Ms: latency.quantileMs(0.99) } satisfies DiskAnswer);
