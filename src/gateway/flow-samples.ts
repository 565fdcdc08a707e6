/**
 * How much flowed, looked at once a second and kept for a day: the last quarter of an hour by the
 * second, six hours by ten seconds, the day by the minute. Bounded; gone with the process.
 */
import type { EpochMs } from "../core/clock.ts";

/** Counters as they stood at one moment; rates are the distance between two. */
export interface FlowSample {
  readonly atMs: EpochMs;
  /** The same moment by the clock that never jumps. */
  readonly monotonicMs: number;
  /** Messages of devices since the start. */
  readonly received: number;
  /** Records that were appended since the start. */
  readonly stored: number;
  /** Records that the backbone confirmed since the start. */
  readonly sent: number;
  /** Records that wait for the backbone. */
  readonly waiting: number;
  /** The backbone took nothing at some moment since the sample before. */
  readonly isCut: boolean;
}

interface Level {
  readonly everyMs: number;
  readonly most: number;
  readonly samples: FlowSample[];
  /** It was cut since its last sample. */
  wasCut: boolean;
}

/** A timer that is a little early still hits its turn. */
const earlyMs = 100;

export class FlowSamples {
  readonly #levels: readonly Level[] = [
    { everyMs: 1_000, most: 900, samples: [], wasCut: false },
    { everyMs: 10_000, most: 2_160, samples: [], wasCut: false },
    { everyMs: 60_000, most: 1_440, samples: [], wasCut: false },
  ];

  add(sample: FlowSample): void {
    for (const level of this.#levels) {
      level.wasCut ||= sample.isCut;
      const last = level.samples.at(-1);
      const dueMs = (last?.monotonicMs ?? Number.NEGATIVE_INFINITY) + level.everyMs - earlyMs;
      if (sample.monotonicMs < dueMs) continue;
      level.samples.push(level.wasCut === sample.isCut ? sample : { ...sample, isCut: true });
      if (level.samples.length > level.most) level.samples.shift();
      level.wasCut = false;
    }
  }

  /** The one that was taken about so long ago, or the oldest there is. */
  about(agoMs: number, nowMonotonicMs: number): FlowSample | undefined {
    const samples = this.#levels[0]?.samples ?? [];
    for (let at = samples.length - 1; at >= 0; at -= 1) {
      const sample = samples[at];
      if (sample && nowMonotonicMs - sample.monotonicMs >= agoMs - earlyMs) return sample;
    }
    return samples[0];
  }

  /** Those of the last so many milliseconds, oldest first, as close to each other as they are kept. */
  last(rangeMs: number, nowMonotonicMs: number): FlowRange {
    const level =
      this.#levels.find(({ everyMs, most }) => everyMs * most >= rangeMs) ?? this.#levels.at(-1);
    const { everyMs = 1_000, samples = [] } = level ?? {};
    const fromMs = nowMonotonicMs - rangeMs;
    return { everyMs, samples: samples.filter(({ monotonicMs }) => monotonicMs >= fromMs) };
  }
}

export interface FlowRange {
  /** How far apart they are, where the process did not stand still. */
  readonly everyMs: number;
  readonly samples: readonly FlowSample[];
}
