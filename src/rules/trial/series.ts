/**
 * Samples in short, as people write them in a test: `-18x5 -18..-10/3 _ -12!bad true "open"`.
 *
 * `x5` is five samples in all; `a..b/3` is three of them, the first and the last one included.
 */
import type { Quality } from "../../core/measurement.ts";

/** One sample; its time follows from its place. */
export interface SeriesSample {
  readonly value: number | boolean | string;
  readonly quality: Quality;
}

/** Undefined where nothing was sent. */
export type Series = readonly (SeriesSample | undefined)[];

export interface SeriesProblem {
  readonly problem: string;
  readonly hint: string;
}

/** A test that needs more is none of a rule. */
const maxSamples = 100_000;

const number = String.raw`[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const text = String.raw`"(?:[^"\\]|\\.)*"`;
const quality = "(?:!(good|uncertain|bad))?";
const count = String.raw`(?:x(\d+))?`;
const words = new RegExp(`${text}[^\\s"]*|\\S+`, "g");
const gap = new RegExp(`^_${count}$`);
const again = new RegExp(`^!(good|uncertain|bad)${count}$`);
const one = new RegExp(`^(${number}|true|false|${text})${quality}${count}$`);
const ramp = new RegExp(`^(${number})\\.\\.(${number})/(\\d+)${quality}$`);
const stairs = new RegExp(`^(${number})([+-]\\d+(?:\\.\\d+)?)x(\\d+)$`);

/** All samples of a text, or the first word of it that says none. */
export function parseSeries(written: string): Series | SeriesProblem {
  const samples: (SeriesSample | undefined)[] = [];
  for (const [word] of written.matchAll(words)) {
    const more = readWord(word, samples.at(-1));
    if ("problem" in more) return more;
    if (samples.length + more.times * more.samples.length > maxSamples)
      return {
        problem: `"${word}" makes it more than ${maxSamples} samples`,
        hint: "make the step longer",
      };
    for (let time = 0; time < more.times; time += 1) samples.push(...more.samples);
  }
  return samples;
}

interface Read {
  readonly samples: Series;
  readonly times: number;
}

function readWord(word: string, before: SeriesSample | undefined): Read | SeriesProblem {
  const missing = gap.exec(word);
  if (missing) return { samples: [undefined], times: timesOf(missing[1]) };
  const repeated = again.exec(word);
  if (repeated) {
    if (!before)
      return { problem: `"${word}" follows no value`, hint: `write the value, such as 0${word}` };
    return {
      samples: [{ value: before.value, quality: qualityOf(repeated[1]) }],
      times: timesOf(repeated[2]),
    };
  }
  const single = one.exec(word);
  if (single) {
    const value = readValue(single[1] ?? "");
    if (value === undefined) return unreadable(word);
    return {
      samples: [{ value, quality: qualityOf(single[2]) }],
      times: timesOf(single[3]),
    };
  }
  const rising = ramp.exec(word);
  if (rising) return readRamp(word, rising);
  return unreadable(word);
}

function readRamp(word: string, [, low, high, size, said]: RegExpExecArray): Read | SeriesProblem {
  const samples = Number(size);
  if (samples < 2 || samples > maxSamples)
    return {
      problem: `"${word}" is a ramp of ${size} samples`,
      hint: "write 2 or more, such as 0..10/3 for 0 5 10",
    };
  const from = Number(low);
  const to = Number(high);
  const at = (index: number): number =>
    Number((from + ((to - from) * index) / (samples - 1)).toPrecision(12));
  return {
    samples: Array.from({ length: samples }, (_, index) => ({
      value: at(index),
      quality: qualityOf(said),
    })),
    times: 1,
  };
}

/** Many come from a notation that counts steps; theirs is said in ours. */
function unreadable(word: string): SeriesProblem {
  const problem = `"${word}" is no sample`;
  const [, start = "", step = "", steps = ""] = stairs.exec(word) ?? [];
  if (start === "")
    return { problem, hint: 'write values as -18 true "text", and x5, a..b/3, _ or !bad' };
  const last = Number((Number(start) + Number(step) * Number(steps)).toPrecision(12));
  return { problem, hint: `write ${start}..${last}/${Number(steps) + 1}` };
}

function timesOf(digits: string | undefined): number {
  return digits === undefined ? 1 : Number(digits);
}

function qualityOf(word: string | undefined): Quality {
  return word === "bad" || word === "uncertain" ? word : "good";
}

function readValue(word: string): SeriesSample["value"] | undefined {
  if (word === "true" || word === "false") return word === "true";
  if (!word.startsWith('"')) {
    const value = Number(word);
    return Number.isFinite(value) ? value : undefined;
  }
  try {
    return String(JSON.parse(word));
  } catch {
    return undefined;
  }
}
