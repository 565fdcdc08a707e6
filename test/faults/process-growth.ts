/** Whether a process grows while it lives: its memory and its open files, sampled every second. */
import { readdirSync } from "node:fs";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Timer } from "../../src/core/clock.ts";
import { readProcess } from "../bench/process-facts.ts";

const everyMs = 1_000;

export interface ProcessSample {
  /** Monotonic. */
  readonly atMs: number;
  readonly pid: number;
  readonly rssBytes: number;
  readonly openFiles: number;
}

export interface ProcessWatch {
  /** Of every process that was there, in order. */
  readonly samples: readonly ProcessSample[];
  stop(): void;
}

/** Samples the process that `pid` names at each moment; there may be none for a while. */
export function watchProcess(pid: () => number): ProcessWatch {
  const samples: ProcessSample[] = [];
  let timer: Timer | undefined;
  const look = (): void => {
    timer = systemClock.setTimer(everyMs, look);
    const sample = sampleProcess(pid());
    if (sample) samples.push(sample);
  };
  look();
  return { samples, stop: () => timer?.cancel() };
}

function sampleProcess(pid: number): ProcessSample | undefined {
  try {
    const openFiles = readdirSync(`/proc/${pid}/fd`).length;
    return { atMs: systemClock.monotonicMs(), pid, rssBytes: readProcess(pid).rssBytes, openFiles };
  } catch {
    return undefined;
  }
}

export interface Growth {
  /** Medians of the first and of the last samples. */
  readonly rssBytes: readonly [first: number, last: number];
  readonly openFiles: readonly [first: number, last: number];
  /** Of a straight line through all samples. */
  readonly rssBytesPerHour: number;
}

/** Compares the first `count` samples of a process with its last ones. */
export function growthOf(samples: readonly ProcessSample[], count: number): Growth {
  const first = samples.slice(0, count);
  const last = samples.slice(-count);
  const rss = (of: readonly ProcessSample[]): number => median(of.map(({ rssBytes }) => rssBytes));
  const files = (of: readonly ProcessSample[]): number =>
    median(of.map(({ openFiles }) => openFiles));
  return {
    rssBytes: [rss(first), rss(last)],
    openFiles: [files(first), files(last)],
    rssBytesPerHour: slopeOf(samples) * 3_600_000,
  };
}

/** Least squares; bytes per ms. */
function slopeOf(samples: readonly ProcessSample[]): number {
  const mean = (of: (sample: ProcessSample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / Math.max(1, samples.length);
  const atMs = mean((sample) => sample.atMs);
  const rssBytes = mean((sample) => sample.rssBytes);
  let above = 0;
  let below = 0;
  for (const sample of samples) {
    above += (sample.atMs - atMs) * (sample.rssBytes - rssBytes);
    below += (sample.atMs - atMs) ** 2;
  }
  return below === 0 ? 0 : above / below;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
