/**
 * What a window over many devices must be, found by looking at all samples anew for each pane: nothing
 * here knows of watermarks, lags, or of panes that are kept.
 */
import type { TrueSample } from "./rules-oracle.ts";

export interface WindowRule {
  readonly agg: "avg" | "sum" | "min" | "max" | "count";
  readonly overS: number;
  readonly everyS: number;
  readonly holdS: number;
  readonly minCoverage: number;
}

/** A gateway with what its devices really measured, and from when on it counts. */
export interface TrueGateway {
  readonly fromS: number;
  readonly devices: readonly (readonly TrueSample[])[];
}

/** The value of the window at the end of each pane where it is known. */
export function windowValues(
  rule: WindowRule,
  gateways: readonly TrueGateway[],
  untilS: number,
): readonly TrueSample[] {
  const { everyS, minCoverage, overS } = rule;
  const values: TrueSample[] = [];
  let sinceS: number | undefined;
  for (let t = everyS; t <= untilS; t += everyS) {
    const panes = gateways.map(({ devices, fromS }) => ({
      devices,
      fromS: Math.max(t - overS, Math.ceil(fromS / everyS) * everyS),
    }));
    const parts = panes.filter(({ fromS }) => fromS < t);
    const present = parts.flatMap(({ devices, fromS }) =>
      devices.flatMap((samples) => {
        const hereS = samples.find(({ isGood }) => isGood)?.t;
        return hereS !== undefined && hereS < t ? { samples, fromS, hereS } : [];
      }),
    );
    if (present.length === 0) continue;
    sinceS ??= t - everyS;
    const taken = present.flatMap(({ fromS, samples }) =>
      samples.filter((sample) => sample.isGood && sample.t >= fromS && sample.t < t),
    );
    const presentS = sumOf(present.map(({ fromS, hereS }) => t - Math.max(fromS, hereS)));
    const knownS = sumOf(
      present.map(({ fromS, samples }) =>
        secondsKnown(samples, Math.min(overS, rule.holdS), fromS, t),
      ),
    );
    if (t - sinceS < overS * minCoverage) continue;
    if (rule.agg !== "count" && (taken.length === 0 || knownS < presentS * minCoverage)) continue;
    const value = aggregate(
      rule.agg,
      taken.map((sample) => sample.value),
    );
    values.push({ t, value: Number(value.toPrecision(12)), isGood: true });
  }
  return values;
}

/**
 * What a window of one device is known to be: at the end of each pane, and again with each reading, since
 * that shows that the device is there.
 */
export function deviceWindow(
  rule: WindowRule,
  samples: readonly TrueSample[],
  untilS: number,
): readonly TrueSample[] {
  const { everyS } = rule;
  const told: TrueSample[] = [];
  let current: number | undefined;
  let dueS: number | undefined;
  const tell = (t: number): void => {
    told.push({ t, value: current ?? 0, isGood: current !== undefined });
  };
  for (let t = samples[0]?.t ?? 0; t <= untilS; t += 1) {
    if (t === dueS) {
      const { goesOn, value } = windowAt(rule, samples, t);
      current = value;
      dueS = goesOn ? t + everyS : undefined;
      tell(t);
    }
    for (const sample of samples.filter((each) => each.t === t)) {
      if (!sample.isGood) {
        told.push({ t, value: 0, isGood: false });
        continue;
      }
      dueS ??= Math.floor(t / everyS) * everyS + everyS;
      tell(t);
    }
  }
  return told;
}

function windowAt(
  { agg, holdS, minCoverage, overS }: WindowRule,
  samples: readonly TrueSample[],
  t: number,
): { readonly value: number | undefined; readonly goesOn: boolean } {
  const before = samples.filter((sample) => sample.t < t);
  const good = before.filter(({ isGood }) => isGood);
  /** From each reading that another followed to where it held no longer. */
  const spans = good.slice(0, -1).map((sample) => {
    const next = before.find((other) => other.t > sample.t)?.t ?? t;
    return [sample.t, Math.min(next, sample.t + holdS)] as const;
  });
  const inside = spans.filter(([, toS]) => toS > t - overS);
  const lastS = good.at(-1)?.t ?? t;
  const longestS = Math.max(0, ...spans.map(([fromS, toS]) => toS - fromS));
  const coveredS =
    sumOf(inside.map(([fromS, toS]) => toS - Math.max(fromS, t - overS))) +
    Math.min(longestS, t - lastS);
  const taken = good.filter((sample) => sample.t >= t - overS).map(({ value }) => value);
  const knownS = agg === "count" ? t - (good[0]?.t ?? t) : coveredS;
  const isKnown = (agg === "count" || taken.length > 0) && knownS >= overS * minCoverage;
  return {
    value: isKnown ? aggregate(agg, taken) : undefined,
    goesOn: agg === "count" || taken.length > 0 || inside.length > 0,
  };
}

/** In how many of the seconds a value was known. */
function secondsKnown(
  samples: readonly TrueSample[],
  countsS: number,
  fromS: number,
  toS: number,
): number {
  let seconds = 0;
  for (let t = fromS; t < toS; t += 1) {
    const before = samples.filter((sample) => sample.t <= t);
    const lastBad = before.findLastIndex(({ isGood }) => !isGood);
    if (before.slice(lastBad + 1).some((sample) => t < sample.t + countsS)) seconds += 1;
  }
  return seconds;
}

function aggregate(agg: WindowRule["agg"], values: readonly number[]): number {
  if (agg === "count") return values.length;
  if (agg === "min") return Math.min(...values);
  if (agg === "max") return Math.max(...values);
  return agg === "sum" ? sumOf(values) : sumOf(values) / values.length;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
