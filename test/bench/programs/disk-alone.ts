/** The disk by itself: a small write and fdatasync, one after the other. */
import { join } from "node:path";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import { LatencyHistogram } from "../../../src/simulate/latency-histogram.ts";
import { answer, readArguments } from "./answer.ts";
import type { DiskAnswer, LogArguments } from "./reports.ts";

const { count, folder } = readArguments<LogArguments>();
const file = await nodeDisk.create(join(folder, "syncs"));
const record = Buffer.alloc(512, 0x20);
const latency = new LatencyHistogram();
for (let n = 0; n < count; n += 1) {
  const startedMs = performance.now();
  await file.write([record], n * record.length);
  await file.sync();
  latency.record(performance.now() - startedMs);
}
await file.close();
answer({ p50Ms: latency.quantileMs(0.5), p99Ms: latency.quantileMs(0.99) } satisfies DiskAnswer);
