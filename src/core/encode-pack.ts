/** Measurements as a SenML pack (RFC 8428): text in as few pieces as can be, since it is on the hot path. */
import type { Measurement } from "./measurement.ts";
import { remember } from "./remember.ts";

/** Names are few and come with every event. */
const maxNames = 16_384;

/** What stands in front of a value, by its type; of a boolean the value as well. */
interface Beginning {
  readonly unit: string | undefined;
  readonly number: string;
  readonly text: string;
  readonly yes: string;
  readonly no: string;
}

/** Of a name with the unit that it had last: it has one unit as a rule. */
const lastOf = remember(maxNames, (name) => ({ beginning: beginningOf(name, undefined) }));

function beginningOf(name: string, unit: string | undefined): Beginning {
  const start = `{"n":${JSON.stringify(name)}${unit === undefined ? "" : `,"u":"${unit}"`}`;
  return {
    unit,
    number: `${start},"v":`,
    text: `${start},"vs":`,
    yes: `${start},"vb":true`,
    no: `${start},"vb":false`,
  };
}

export function encodePack(measurements: readonly Measurement[]): string {
  let pack = "[";
  for (const { name, unit, value, quality } of measurements) {
    const last = lastOf(name);
    if (last.beginning.unit !== unit) last.beginning = beginningOf(name, unit);
    const { no, number, text, yes } = last.beginning;
    if (pack !== "[") pack += ",";
    if (typeof value === "number") pack += number + value;
    else if (typeof value === "boolean") pack += value ? yes : no;
    else pack += text + JSON.stringify(value);
    pack += quality === "good" ? "}" : `,"q":"${quality}"}`;
  }
  return `${pack}]`;
}
