/** What is remembered of one device. */
import type { EpochMs } from "../../core/clock.ts";
import type { Status } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Measurement, Quality } from "../../core/measurement.ts";
import { ownText } from "../../core/own-text.ts";

/** The last value of one quantity; a text is cut. */
export interface LastValue {
  value: Measurement["value"];
  unit: string | undefined;
  quality: Quality;
  /** By the clock that its event goes by. */
  timeMs: EpochMs;
  receivedMs: EpochMs;
}

/** Something that did not fit, and how often it was said in the same words. */
export interface LastMisfit {
  readonly reason: string;
  count: number;
  lastMs: EpochMs;
}

/** All times are those of receipt, unless they say otherwise. */
export interface DeviceEntry {
  readonly device: DeviceId;
  /** With its version. */
  profile: string | undefined;
  /** Of its last message. */
  topic: string | undefined;
  firstMs: EpochMs;
  /** The last sign of life; undefined where all that came was kept elsewhere, or old. */
  lifeMs: EpochMs | undefined;
  /** A value became another. */
  changedMs: EpochMs | undefined;
  /** Between messages, the last few counting most. */
  spacingMs: number | undefined;
  /** Its clock was not believed when it spoke last. */
  isClockSuspect: boolean;
  /** The last that was said of its connection, or by it of its state. */
  link: Pick<Status, "state" | "cause"> | undefined;
  linkMs: EpochMs;
  events: number;
  rejected: number;
  repeats: number;
  readonly values: Map<string, LastValue>;
  /** The last few, the latest behind. */
  readonly misfits: LastMisfit[];
  /** In which edition of the file it was written. */
  edition: number;
}

const mostTextCharacters = 128;
const mostMisfits = 4;
const mostReasonCharacters = 256;
/** Each new distance counts for an eighth. */
const spacingShare = 8;
/** One pause, such as of a gateway that was down, is not yet how often a device reports. */
const pauseFactor = 3;
const pauseMs = 1_000;

export function newEntry(device: DeviceId, firstMs: EpochMs, edition: number): DeviceEntry {
  return {
    device,
    profile: undefined,
    topic: undefined,
    firstMs,
    lifeMs: undefined,
    changedMs: undefined,
    spacingMs: undefined,
    isClockSuspect: false,
    link: undefined,
    linkMs: 0,
    events: 0,
    rejected: 0,
    repeats: 0,
    values: new Map(),
    misfits: [],
    edition,
  };
}

/** It spoke. What is read later than it was received moves nothing back. */
export function noteLife(entry: DeviceEntry, receivedMs: EpochMs): void {
  const { lifeMs, spacingMs } = entry;
  if (lifeMs === undefined || receivedMs < lifeMs) {
    entry.lifeMs ??= receivedMs;
    return;
  }
  const distanceMs = receivedMs - lifeMs;
  entry.spacingMs =
    spacingMs === undefined
      ? distanceMs
      : spacingMs +
        (Math.min(distanceMs, pauseFactor * spacingMs + pauseMs) - spacingMs) / spacingShare;
  entry.lifeMs = receivedMs;
}

/** Takes over a value; true where it is another than before. */
export function setValue(
  last: LastValue,
  { quality, unit, value }: Measurement,
  timeMs: EpochMs,
  receivedMs: EpochMs,
): boolean {
  const isOther = last.value !== value;
  if (isOther) last.value = typeof value === "string" ? keptText(value) : value;
  last.unit = unit;
  last.quality = quality;
  last.timeMs = timeMs;
  last.receivedMs = receivedMs;
  return isOther;
}

export function noteMisfit(entry: DeviceEntry, said: string, receivedMs: EpochMs): void {
  const reason = said.slice(0, mostReasonCharacters);
  const at = entry.misfits.findIndex((one) => one.reason === reason);
  const [known] = at < 0 ? [] : entry.misfits.splice(at, 1);
  const misfit = known ?? { reason: ownText(reason), count: 0, lastMs: receivedMs };
  misfit.count += 1;
  misfit.lastMs = Math.max(misfit.lastMs, receivedMs);
  entry.misfits.push(misfit);
  if (entry.misfits.length > mostMisfits) entry.misfits.shift();
}

function keptText(text: string): string {
  return ownText(text.slice(0, mostTextCharacters));
}
