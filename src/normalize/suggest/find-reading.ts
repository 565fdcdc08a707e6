/** Which codec reads some messages, and what has to be said about their separators. */
import type { Codec } from "../codecs/codec.ts";
import { csvOptions } from "../codecs/csv.ts";
import { keyvalueOptions } from "../codecs/keyvalue.ts";
import { codecs } from "../codecs.ts";
import { decode } from "../decode.ts";
import type { Guess } from "./guess-metric.ts";
import { guessesOf } from "./guesses-of.ts";
import type { Sample } from "./sample.ts";

/** A way to read all of the messages. */
export interface Reading {
  /** The field that names the codec, and its options where it needs some. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What each message holds, in their order. */
  readonly values: readonly unknown[];
}

/** Those that need no options, the strictest first. */
const strict = ["senml", "json", "influx-line", "nmea"];
const separators = [",", ";", "\t", "|", " "];
const assigns = ["=", ":"];
/** Names for columns; a line of more is none that anybody would read so. */
const mostColumns = 64;

/** Undefined where none reads them all. */
export function findReading(samples: readonly Sample[]): Reading | undefined {
  const plain = strict.map((name) => readBy(named(name), { codec: name }, samples));
  const found = plain.find((reading) => reading?.values.every(isObject));
  if (found !== undefined) return found;
  const pairs = readPairs(samples);
  if (pairs !== undefined) return pairs;
  const words = readBy(named("text"), { codec: "text" }, samples);
  if (words === undefined || numbersIn(words.values) > 0) return words;
  return readColumns(samples) ?? words;
}

/** Of pairs with any separator, those with most numbers; the usual signs need no number. */
function readPairs(samples: readonly Sample[]): Reading | undefined {
  let best: { readonly reading: Reading; readonly numbers: number } | undefined;
  for (const assign of assigns)
    for (const pair of separators) {
      const isUsual = pair === "," && assign === "=";
      const codec = keyvalueOptions.parse({ pair, assign });
      const options = { ...(pair !== "," && { pair }), ...(assign !== "=" && { assign }) };
      const fields = { codec: "keyvalue", ...(!isUsual && { keyvalue: options }) };
      const reading = readBy(codec, fields, samples);
      if (!reading?.values.every(isObject)) continue;
      const numbers = numbersIn(reading.values);
      if (!isUsual && (numbers === 0 || !reading.values.every(hasNames))) continue;
      if (best === undefined || numbers > best.numbers) best = { reading, numbers };
    }
  return best?.reading;
}

/** As many columns in each message, of which most are numbers; one at least. */
function readColumns(samples: readonly Sample[]): Reading | undefined {
  let best: { readonly reading: Reading; readonly share: number } | undefined;
  // One line with blanks in it may be a sentence.
  for (const separator of samples.length > 1
    ? separators
    : separators.filter((one) => one !== " ")) {
    const rows = readBy(csvOptions.parse({ separator }), {}, samples)?.values;
    const count = Array.isArray(rows?.[0]) ? rows[0].length : 0;
    if (count < 2 || count > mostColumns) continue;
    if (!rows?.every((row) => Array.isArray(row) && row.length === count)) continue;
    const columns = Array.from({ length: count }, (_, at) => `column_${at + 1}`);
    const options = { ...(separator !== "," && { separator }), columns };
    const reading = readBy(csvOptions.parse(options), { codec: "csv", csv: options }, samples);
    const share = reading === undefined ? 0 : numbersIn(reading.values) / count;
    if (reading !== undefined && share > (best?.share ?? 0)) best = { reading, share };
  }
  return best?.reading;
}

function named(name: string): Codec | undefined {
  return codecs.find((codec) => codec.name === name);
}

function readBy(
  codec: Codec | undefined,
  fields: Reading["fields"],
  samples: readonly Sample[],
): Reading | undefined {
  if (codec === undefined) return undefined;
  const values: unknown[] = [];
  for (const { payload } of samples) {
    const decoded = decode(codec, payload, 0);
    if (!decoded.ok || decoded.value === undefined) return undefined;
    values.push(decoded.value);
  }
  return { fields, values };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** Every key is a name, and has a value: `12:30` is a time and no pair. */
function hasNames(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.entries(Object(value)).every(
      ([key, member]) => /^[A-Za-z_]\S*$/.test(key) && member !== true,
    )
  );
}

function numbersIn(values: readonly unknown[]): number {
  return guessesOf(values).filter(isNumber).length;
}

function isNumber(guess: Guess): boolean {
  return guess.is === "metric" && guess.metric.type === undefined;
}
