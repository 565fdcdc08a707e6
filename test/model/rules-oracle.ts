/**
 * What a threshold alert must do, found by looking at every single second of the true series:
 * nothing here knows of watermarks, lags or computed times.
 */

export interface TrueSample {
  /** Whole seconds. */
  readonly t: number;
  readonly value: number;
  readonly isGood: boolean;
}

export interface OracleRule {
  readonly above: number;
  readonly deadband: number;
  readonly forS: number;
  readonly keepS: number;
  readonly holdS: number;
  /** Minutes of each hour, from and to, in which it is judged; absent: always. */
  readonly minutes?: readonly [number, number];
}

/** `firing for_elapsed 130 since 10`, in seconds. */
export function expectedTransitions(rule: OracleRule, samples: readonly TrueSample[]): string[] {
  const told: string[] = [];
  const bySecond = new Map<number, TrueSample[]>();
  for (const sample of samples) bySecond.set(sample.t, [...(bySecond.get(sample.t) ?? []), sample]);
  const first = samples[0]?.t ?? 0;
  const last = (samples.at(-1)?.t ?? 0) + rule.holdS + rule.keepS + rule.forS + 5_000;
  const isWithin = (t: number): boolean => {
    const [from, to] = rule.minutes ?? [0, 60];
    const minute = Math.floor(t / 60) % 60;
    return minute >= from && minute < to;
  };
  let isFiring = false;
  let isStale = false;
  let marks = 0;
  /** The condition by itself, and within its times. */
  let holds = false;
  let isBreach = false;
  let isKnown = false;
  let started = 0;
  let counted = 0;
  let unknown = 0;
  let valueAt = Number.NaN;
  const say = (what: string, t: number) => told.push(`${what} ${t} since ${started}`);
  const makeDueChanges = (t: number): boolean => {
    if (isBreach && !isFiring && counted >= rule.forS) {
      isFiring = true;
      marks = 0;
      say("firing for_elapsed", t);
      return true;
    }
    if (!isBreach && isFiring && counted >= rule.keepS) {
      isFiring = false;
      say("ended normal", t);
      return true;
    }
    return false;
  };

  for (let t = first; t <= last; t += 1) {
    if (!isStale && t > valueAt + rule.holdS) {
      isStale = true;
      if (isFiring && marks === 0) {
        say("firing stale", valueAt + rule.holdS);
        marks = 1;
      }
    }
    const isChange = isWithin(t) !== isWithin(t - 1);
    if (isChange) {
      if (!isKnown || t > valueAt + rule.holdS) holds = false;
      if (isFiring) say("ended schedule", t);
      isFiring = false;
      isBreach = isWithin(t) && holds;
      counted = 0;
      if (isBreach) started = t;
    }
    if (isKnown && t <= valueAt + rule.holdS) {
      if (!isChange) counted += 1;
      makeDueChanges(t);
    } else {
      isKnown = false;
      unknown += 1;
    }
    if (isBreach && !isFiring && unknown > Math.max(rule.forS, 600)) {
      holds = false;
      isBreach = false;
    }

    for (const sample of bySecond.get(t) ?? []) {
      if (!sample.isGood) {
        if (isKnown) unknown = 0;
        isKnown = false;
        continue;
      }
      const wasStale = isStale && isFiring;
      const wasBreach: boolean = isBreach;
      isKnown = true;
      isStale = false;
      unknown = 0;
      valueAt = t;
      if (sample.value > rule.above) holds = true;
      else if (sample.value <= rule.above - rule.deadband) holds = false;
      isBreach = holds && isWithin(t);
      if (isBreach !== wasBreach) counted = 0;
      if (isBreach && !wasBreach && !isFiring) started = t;
      const changed = isBreach !== isFiring && makeDueChanges(t);
      if (wasStale && !changed && marks === 1) {
        say("firing fresh", t);
        marks = 2;
      }
    }
  }
  return told;
}
