/**
 * In a guest: one run of the log on a disk that is recorded. Appends in batches through full
 * segments, confirms part of it so that segments are deleted, and marks in the recording what is
 * acknowledged and what may be gone by then. Every other run ends in the middle of everything.
 */

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { systemClock } from "../../../../src/app/system-clock.ts";
import { nodeDisk } from "../../../../src/buffer/disk.ts";
import { openSegmentLog } from "../../../../src/buffer/open-segment-log.ts";
import { bufferOptions } from "../../../../src/buffer/options.ts";
import { type Seq, toGatewayId, toRunId, toSiteId, toStreamSeq } from "../../../../src/core/ids.ts";
import { untilDurable } from "../../../../src/core/until-durable.ts";
import { createSeededRandom } from "../../../../src/simulate/seeded-random.ts";
import { silentLogger, silentMetrics } from "../../../support/silence.ts";
import { numberedDraft } from "../numbered-draft.ts";
import { variable } from "./variable.ts";

const batches = 30;
/** So many batches wait for the backbone's word. */
const batchesBehind = 8;
/** The log's timers run this much faster, so that a short run sees its cursor saved and segments go. */
const hurry = 20;
/** Outside of the recorded disk: numbers go on over the runs. */
const lastNumberPath = "/run/last-number";

const session = variable("session");
const random = createSeededRandom(`${variable("seed")}/${session}`);
const mark = (text: string): void => {
  execFileSync("dmsetup", ["message", "recorded", "0", "mark", text]);
};

const log = await openSegmentLog(
  {
    ...bufferOptions.parse({ max_bytes: "1MiB", min_free: 0 }),
    segment_bytes: 24 * 1024,
    hold_back: { time: 0, max_bytes: 0 },
  },
  {
    folder: "/mnt/disk/data/log",
    origin: { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") },
    run: toRunId(`session${session}`),
    segmentUuid: () => randomBytes(16),
    disk: nodeDisk,
    clock: {
      wallMs: systemClock.wallMs,
      monotonicMs: () => systemClock.monotonicMs() * hurry,
      setTimer: (delayMs, run) => systemClock.setTimer(delayMs / hurry, run),
    },
    logger: silentLogger,
    metrics: silentMetrics,
  },
);

const behind: { readonly seq: Seq; readonly n: number }[] = [];
let n = existsSync(lastNumberPath) ? Number(readFileSync(lastNumberPath, "utf8")) : 0;
for (let batch = 0; batch < batches; batch += 1) {
  const count = 1 + Math.floor(random() * 40);
  let last = log.lastSeq;
  for (let left = count; left > 0; left -= 1) {
    n += 1;
    last = log.append(numberedDraft(n));
  }
  await untilDurable(log, last);
  mark(`acked-${n - count + 1}-${n}`);
  behind.push({ seq: log.durableSeq, n });
  const confirmed = behind.length > batchesBehind ? behind.shift() : undefined;
  if (confirmed) {
    mark(`confirmed-${confirmed.n}`);
    log.confirm({ run: log.run, seq: confirmed.seq, streamSeq: toStreamSeq(confirmed.n) });
  }
}
if (session === "2" || session === "4") {
  await log.close();
} else {
  for (let more = 0; more < 20; more += 1) {
    n += 1;
    log.append(numberedDraft(n));
  }
}
writeFileSync(lastNumberPath, String(n));
console.log(`SESSION ${session} appended up to ${n}`);
process.exit(0);
