/** What devices at lines said against what is stored of them. */

import type { GatewayEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import type { Speaker } from "./line-speakers.ts";

export interface LineVerdict {
  readonly counts: {
    /** Readings that are stored. */
    readonly acked: number;
    readonly lost: number;
    readonly duplicated: number;
    readonly reordered: number;
    readonly declaredLost: number;
  };
  /** Values that were never measured. */
  readonly falseValues: number;
  /** Values that were compared. */
  readonly values: number;
  readonly examples: readonly string[];
  /** Of whom nothing is stored. */
  readonly silent: readonly string[];
}

/** A poll takes its blocks one by one, and new readings may come between; polls are 30 readings apart. */
const nearOfAsked = 14;
/** So many come between where answers are damaged and asked for again. */
const spreadOfAsked = 150;

/** `listened` has the numbers that must be there, by name. */
export function judgeLines(
  bodies: readonly Uint8Array[],
  speakers: readonly Speaker[],
  listened: ReadonlyMap<string, readonly number[]>,
): LineVerdict {
  const found = { acked: 0, lost: 0, duplicated: 0, reordered: 0, declaredLost: 0 };
  const examples: string[] = [];
  let falseValues = 0;
  let values = 0;
  const stored = new Map(speakers.map(({ name }) => [name, [] as number[]]));
  const byName = new Map(speakers.map((speaker) => [speaker.name, speaker]));
  for (const body of bodies) {
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event) || event.kind !== "measurement") continue;
    const speaker = byName.get(String(event.device));
    if (speaker === undefined) continue;
    const { name: device, told } = speaker;
    const number = numberIn(event, told.counter);
    if (number === undefined) continue;
    const seen = stored.get(device) ?? [];
    const last = seen.at(-1) ?? 0;
    if (isSecond(speaker, number, seen)) found.duplicated += 1;
    if (number < last) found.reordered += 1;
    seen.push(number);
    found.acked += 1;
    const right = readingsAt(speaker, number);
    for (const { name, quality, value } of event.data) {
      if (quality === "bad" || !right.some((one) => Object.hasOwn(one, name))) continue;
      values += 1;
      if (right.some((one) => one[name] === value)) continue;
      falseValues += 1;
      examples.push(`${device} ${number}: ${name} is ${value}, not ${right[0]?.[name]}`);
    }
  }
  for (const [device, numbers] of listened) {
    const there = new Set(stored.get(device));
    const near = byName.get(device)?.isAsked ? nearOfAsked : 0;
    const missing = numbers.filter((number) => !around(number, near).some((n) => there.has(n)));
    found.lost += missing.length;
    if (missing.length > 0) examples.push(`${device} lacks ${missing.slice(0, 5).join(", ")}`);
  }
  const silent = [...stored].flatMap(([name, { length }]) => (length === 0 ? [name] : []));
  return { counts: found, falseValues, values, examples: examples.slice(0, 10), silent };
}

/** A device may be asked twice for one reading. */
function isSecond({ isAsked, whole }: Speaker, number: number, seen: readonly number[]): boolean {
  if (!isAsked) return seen.at(-1) === number;
  return seen.filter((one) => one === number).length >= (whole.get(number) ?? 0);
}

/** What the values may be; none where the device never said the number. */
function readingsAt(
  { isAsked, said, told }: Speaker,
  number: number,
): readonly Readonly<Record<string, unknown>>[] {
  if (!said.has(number)) return [{ ...told.values(number), [told.counter.metric]: "not said" }];
  return around(number, isAsked ? spreadOfAsked : 0)
    .filter((one) => said.has(one))
    .map((one) => told.values(one));
}

/** The number first. */
function around(number: number, near: number): readonly number[] {
  const distances = Array.from({ length: near }, (_, at) => at + 1);
  return [number, ...distances.flatMap((distance) => [number - distance, number + distance])];
}

function numberIn(
  event: Extract<GatewayEvent, { kind: "measurement" }>,
  counter: { readonly metric: string; numberOf(value: number): number },
): number | undefined {
  const value = event.data.find(({ name }) => name === counter.metric)?.value;
  return typeof value === "number" ? counter.numberOf(value) : undefined;
}
