/** What a P1 telegram says of the meter that sends it. */
import type { EpochMs } from "../../core/clock.ts";
import { isOfChannel, isVersion, type TelegramLine } from "./dsmr-telegram.ts";
import { dsmrTime, localTime } from "./dsmr-time.ts";
import type { ReadLines } from "./lines.ts";
import { meterMessage, meterName, meterValue, obisKey, wholeKey } from "./obis.ts";
import { recordOf } from "./record-of.ts";

/** What meters write in hex: names, and messages to people. */
const inHex = /^(?:96\.1\.\d|42\.0\.0)$/;
const names = /^(?:96\.1\.[01]|42\.0\.0)$/;
const messages = /^96\.13\.\d$/;

/** One who wants to be read by paths: `values`, `units` and `times` have the codes as keys. */
export interface MeterReading extends Readonly<Record<string, unknown>> {
  readonly meter: string | null;
}

export function meterReading(
  identification: string,
  lines: readonly TelegramLine[],
  receivedMs: EpochMs,
  read: ReadLines,
): MeterReading {
  const values: [string, unknown][] = [];
  const units: [string, unknown][] = [];
  const times: [string, unknown][] = [];
  const lists: [string, unknown][] = [];
  let meter: string | null = null;
  let version: string | null = null;
  let time: string | null = null;
  let failures: readonly unknown[] = [];
  const keep = (key: string, written: string): void => {
    const found = meterValue(written);
    values.push([key, found?.value ?? (written === "" ? null : written)]);
    if (found?.unit !== undefined) units.push([key, found.unit]);
  };
  for (const { code, groups } of lines) {
    // A relay at a channel is not that of the meter.
    const key = isOfChannel(code) ? wholeKey(code) : obisKey(code);
    const [first = "", second] = groups;
    if (isVersion(code)) version = first;
    else if (key === "1.0.0") time = dsmrTime(first) ?? null;
    else if (key === "99.97.0") failures = powerFailures(groups);
    else if (messages.test(code.quantity)) values.push([key, meterMessage(first)]);
    else if (inHex.test(code.quantity)) {
      const name = meterName(first);
      if (names.test(code.quantity)) meter ??= name;
      values.push([key, name]);
    } else if (second === undefined) keep(key, first);
    else if (groups.length === 2 && dsmrTime(first) !== undefined) {
      times.push([key, dsmrTime(first)]);
      keep(key, second);
    } else lists.push([key, groups]);
  }
  return {
    meter,
    medium: "electricity",
    identification,
    version,
    time,
    local_time: localTime(time),
    moment: time ?? new Date(receivedMs).toISOString(),
    values: recordOf(values, read),
    units: recordOf(units, read),
    times: recordOf(times, read),
    lists: recordOf(lists, read),
    power_failures: failures,
  };
}

/** `(1)(0-0:96.7.19)(190326095015W)(0000002014*s)`: when power came back, and for how long it was out. */
function powerFailures(groups: readonly string[]): readonly unknown[] {
  const found: { readonly end: string; readonly duration: number }[] = [];
  for (let at = 2; at + 1 < groups.length; at += 2) {
    const end = dsmrTime(groups[at] ?? "");
    const duration = meterValue(groups[at + 1] ?? "");
    if (typeof end === "string" && duration?.unit === "s")
      found.push({ end, duration: duration.value });
  }
  return found.sort((one, other) => Date.parse(other.end) - Date.parse(one.end));
}
