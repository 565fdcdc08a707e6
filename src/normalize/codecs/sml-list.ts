/** A GetList response: what a meter says of itself. */
import { dlmsUnits } from "./dlms-unit.ts";
import type { ReadLines } from "./lines.ts";
import { obisKey, parseObis } from "./obis.ts";
import { recordOf } from "./record-of.ts";
import { isExporting, powerMeant, powerTaken } from "./sml-power.ts";
import type { SmlValue } from "./sml-reader.ts";
import {
  epochSeconds,
  meterId,
  obisOf,
  octets,
  scaledNumber,
  textOrHex,
  wholeNumber,
} from "./sml-values.ts";

/** An entry of the list, by its place in the standard. */
interface Entry {
  readonly key: string;
  readonly status: bigint | undefined;
  readonly unit: string | undefined;
  readonly scaler: number;
  readonly value: SmlValue;
}

/** The reading in a response; undefined where it has no list. */
export function listReading(
  members: readonly SmlValue[],
  read: ReadLines,
): Readonly<Record<string, unknown>> | undefined {
  const [, server, , time, list] = members;
  if (list?.kind !== "list") return undefined;
  const entries: Entry[] = [];
  for (const member of list.members) {
    const entry = entryOf(member);
    if (entry === undefined) read.misfit("an entry has no name of six bytes, or no value");
    else entries.push(entry);
  }
  const name = octets(server);
  const meter = name === undefined ? null : meterId(name);
  const exporting = isExporting(entries.find(({ status }) => status !== undefined)?.status);
  const values = recordOf(
    entries.map((entry) => [entry.key, meaningOf(entry, meter ?? "", exporting, read)]),
    read,
  );
  return {
    meter,
    time: epochSeconds(time),
    power: powerTaken(values, exporting),
    values,
    units: recordOf(
      entries.flatMap(({ key, unit }) => (unit === undefined ? [] : [[key, unit] as const])),
      read,
    ),
  };
}

function entryOf(member: SmlValue): Entry | undefined {
  const [name, status, , unit, scaler, value] = member.kind === "list" ? member.members : [];
  const code = parseObis(obisOf(octets(name)) ?? "");
  if (code === undefined || value === undefined) return undefined;
  return {
    key: obisKey(code),
    status: status?.kind === "number" ? status.value : undefined,
    unit: dlmsUnits[wholeNumber(unit) ?? 255],
    scaler: wholeNumber(scaler) ?? 0,
    value,
  };
}

function meaningOf(
  { key, scaler, unit, value }: Entry,
  meter: string,
  exporting: boolean | undefined,
  read: ReadLines,
): unknown {
  if (value.kind === "bytes") {
    if (value.bytes.length === 0) return null;
    return key === "96.1.0" || key === "0.0.9" ? meterId(value.bytes) : textOrHex(value.bytes);
  }
  // A time, between the letters of a list (SML 1.04, SML_ListType).
  if (value.kind === "list") return epochSeconds(value.members[1]);
  if (value.kind === "boolean") return value.value;
  const raw = unit === "W" ? powerMeant(value, meter.slice(1, 4), exporting) : value.value;
  const number = scaledNumber(raw, scaler);
  if (typeof number === "string") read.bigNumbers.add(number);
  return number;
}
