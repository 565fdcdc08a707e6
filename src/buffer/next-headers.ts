/** What the segments of a run say of themselves. */
import type { Clock } from "../core/clock.ts";
import { type RunId, toSeq } from "../core/ids.ts";
import type { KeyRing } from "./encryption/key-ring.ts";
import type { SegmentHeader } from "./format/segment-header.ts";
import type { RecoveredLog } from "./recovery/recovery.ts";
import { lastSeqOf } from "./segment.ts";

interface NextRun {
  readonly run: RunId;
  readonly bootId?: string;
  readonly segmentUuid: () => Uint8Array;
  readonly keys: KeyRing;
  readonly clock: Clock;
}

/** Headers of this run's segments; only the first does not follow a seq of this run. */
export function headersAfter(
  { lastSeq, segments }: RecoveredLog,
  { bootId = "", clock, keys, run, segmentUuid }: NextRun,
  gatewayHash: string,
): (firstSeq: number, supersedesSeq: number) => SegmentHeader {
  const last = segments.at(-1);
  const heldLastSeq = last ? lastSeqOf(last) : lastSeq;
  return (firstSeq, supersedesSeq) => ({
    uuid: segmentUuid(),
    gatewayHash,
    run,
    firstSeq: toSeq(firstSeq),
    previousSeq: toSeq(firstSeq === lastSeq + 1 ? heldLastSeq : firstSeq - 1),
    supersedesSeq: toSeq(supersedesSeq),
    createdWallMs: clock.wallMs(),
    createdMonotonicMs: clock.monotonicMs(),
    bootId,
    keyId: keys.currentId,
    sparse: false,
  });
}
