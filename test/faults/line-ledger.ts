/** What devices at lines said against what is stored of them. */

import type { GatewayEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import type { Speaker } from "./lines.arm.ts";

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
}

/** `listened` has the numbers that must be there, by family. */
export function judgeLines(
  bodies: readonly Uint8Array[],
  speakers: readonly Speaker[],
  listened: ReadonlyMap<string, readonly number[]>,
): LineVerdict {
  const found = { acked: 0, lost: 0, duplicated: 0, reordered: 0, declaredLost: 0 };
  const examples: string[] = [];
  let falseValues = 0;
  let values = 0;
  const stored = new Map(speakers.map(({ family }) => [family.name, [] as number[]]));
  const byName = new Map(speakers.map((speaker) => [speaker.family.name, speaker]));
  for (const body of bodies) {
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event) || event.kind !== "measurement") continue;
    const speaker = byName.get(String(event.device));
    const told = speaker?.family.told;
    if (speaker === undefined || told === undefined) continue;
    const number = numberIn(event, told.counter);
    if (number === undefined) continue;
    const seen = stored.get(speaker.family.name) ?? [];
    const last = seen.at(-1) ?? 0;
    if (number === last) found.duplicated += 1;
    if (number < last) found.reordered += 1;
    seen.push(number);
    found.acked += 1;
    const right: Readonly<Record<string, unknown>> = told.values(number);
    for (const { name, quality, value } of event.data) {
      if (quality === "bad" || !Object.hasOwn(right, name)) continue;
      values += 1;
      if (right[name] === value && speaker.said.has(number)) continue;
      falseValues += 1;
      examples.push(`${speaker.family.name} ${number}: ${name} is ${value}, not ${right[name]}`);
    }
  }
  for (const [family, numbers] of listened) {
    const there = new Set(stored.get(family));
    const missing = numbers.filter((number) => !there.has(number));
    found.lost += missing.length;
    if (missing.length > 0) examples.push(`${family} lacks ${missing.slice(0, 5).join(", ")}`);
  }
  return { counts: found, falseValues, values, examples: examples.slice(0, 10) };
}

function numberIn(
  event: Extract<GatewayEvent, { kind: "measurement" }>,
  counter: { readonly metric: string; numberOf(value: number): number },
): number | undefined {
  const value = event.data.find(({ name }) => name === counter.metric)?.value;
  return typeof value === "number" ? counter.numberOf(value) : undefined;
}
