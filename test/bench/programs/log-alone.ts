/** The segment log by itself: appends as fast as it commits, then reads all of it back. */

import { randomBytes } from "node:crypto";
import { systemClock } from "../../../src/app/system-clock.ts";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import { KeyRing, noKeys } from "../../../src/buffer/encryption/key-ring.ts";
import { openSegmentLog } from "../../../src/buffer/open-segment-log.ts";
import { bufferOptions } from "../../../src/buffer/options.ts";
import { eventFront, tailOf } from "../../../src/core/event-front.ts";
import { eventIdOf, toRunId, toSeq } from "../../../src/core/ids.ts";
import type { RecordDraft } from "../../../src/core/record-draft.ts";
import { deviceToken } from "../../../src/core/subject.ts";
import { createMetricsRegistry } from "../../../src/telemetry/metrics-registry.ts";
import { silentLogger } from "../../support/silence.ts";
import { answer, perSecondSince, readArguments } from "./answer.ts";
import type { LogAnswer, LogArguments } from "./reports.ts";
import { device, origin, sampleText } from "./sample-event.ts";

/** As many as devices of the load generator have under way. */
const window = 1_000;

const { count, encrypted, folder } = readArguments<LogArguments>();
const run = toRunId("bench000");
const log = await openSegmentLog(bufferOptions.parse({}), {
  folder,
  origin,
  run,
  segmentUuid: () => randomBytes(16),
  keys: encrypted ? new KeyRing(randomBytes(32)) : noKeys,
  disk: nodeDisk,
  clock: systemClock,
  logger: silentLogger,
  metrics: createMetricsRegistry(),
});
const seq = toSeq(123_456);
const text = sampleText(seq, eventIdOf(origin.gateway, run, seq));
const draft: RecordDraft = {
  kind: "measurement",
  recordClass: "telemetry",
  deviceToken: deviceToken(device),
  tail: tailOf(text, eventFront(origin.gateway, run), seq) ?? "",
};

async function appendAll(): Promise<number> {
  const startedMs = performance.now();
  let appended = 0;
  await new Promise<void>((resolve) => {
    const appendMore = (): void => {
      for (; appended < count && appended - log.durableSeq < window; appended += 1)
        log.append(draft);
      if (log.durableSeq === count) resolve();
    };
    log.onDurable(appendMore);
    appendMore();
  });
  return perSecondSince(startedMs, count);
}

async function readAll(): Promise<number> {
  const reader = await log.openReader(toSeq(0));
  const startedMs = performance.now();
  let read = 0;
  while (read < count) read += (await reader.next(512)).length;
  await reader.close();
  return perSecondSince(startedMs, count);
}

const appendedPerSecond = await appendAll();
const readPerSecond = await readAll();
await log.close();
answer({ appendedPerSecond, readPerSecond } satisfies LogAnswer);
