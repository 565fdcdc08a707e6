/** What a P1 telegram says of another meter: gas, water, heat, at a channel of the M-Bus. */
import type { MeterReading } from "./dsmr-meter.ts";
import { isOfChannel, type TelegramLine } from "./dsmr-telegram.ts";
import { dsmrTime, localTime } from "./dsmr-time.ts";
import type { ReadLines } from "./lines.ts";
import { meterName, meterValue, type ObisCode } from "./obis.ts";

/** By the device types of EN 13757-3. */
const media: Readonly<Record<number, string>> = {
  2: "electricity",
  3: "gas",
  4: "heat",
  6: "warm_water",
  7: "water",
  10: "cooling",
  11: "cooling",
  12: "heat",
  13: "heat",
  21: "warm_water",
  22: "water",
};

/** True for what is said of another meter, and not of a relay that the meter itself has there. */
export function isOfOther(code: ObisCode): boolean {
  return isOfChannel(code) && /^(?:24\.|96\.1\.[012]$)/.test(code.quantity);
}

/** A reading of such a meter, at the meter that passes it on; undefined where there never was one. */
export function channelReading(
  channel: number,
  lines: readonly TelegramLine[],
  around: MeterReading,
  read: ReadLines,
): Readonly<Record<string, unknown>> | undefined {
  const firstOf = (quantity: string): string | undefined =>
    lines.find(({ code }) => code.quantity === quantity)?.groups[0];
  const readings = lines.filter(({ code }) => /^24\.[23]\./.test(code.quantity));
  const reading = readings.map(({ groups }) => readingIn(groups)).find(isThere);
  if (reading === undefined) {
    for (const { code, groups } of readings)
      if (dsmrTime(groups[0] ?? "") !== null && groups.some((group) => group !== ""))
        read.misfit(
          "a meter at the M-Bus tells nothing that is known",
          `${code.quantity} ${groups}`,
        );
    return undefined;
  }
  const type = Number(firstOf("24.1.0"));
  const medium = media[type] ?? `type_${Number.isNaN(type) ? "unknown" : type}`;
  const name = meterName(firstOf("96.1.0") || firstOf("96.1.1") || firstOf("96.1.2") || "");
  const valve = Number(firstOf("24.4.0") || Number.NaN);
  const { time, unit, value } = reading;
  return {
    meter: name ?? `${around.meter ?? "meter"}-channel-${channel}`,
    medium,
    channel,
    time,
    local_time: localTime(time),
    moment: time ?? around.moment,
    // Of a meter of electricity that is what the meter itself calls so.
    ...(medium === "electricity"
      ? { values: { "1.8.0": value }, units: unit === null ? {} : { "1.8.0": unit } }
      : { value, unit }),
    ...(Number.isNaN(valve) ? {} : { valve }),
  };
}

interface ChannelReading {
  /** When it was read; null where nothing is said of that. */
  readonly time: string | null;
  readonly value: number;
  readonly unit: string | null;
}

/** `(161129200000W)(00981.443*m3)`, or `(161107190000)(00)(60)(1)(0-1:24.2.1)(m3)(00001.001)`. */
function readingIn(groups: readonly string[]): ChannelReading | undefined {
  const found = meterValue(groups.at(-1) ?? "");
  if (found === undefined) return undefined;
  if (groups.length === 1)
    return found.unit === undefined ? undefined : { ...found, unit: found.unit, time: null };
  const time = dsmrTime(groups[0] ?? "");
  const unit = found.unit ?? (groups.length > 2 ? groups.at(-2) : undefined);
  return typeof time === "string" ? { time, value: found.value, unit: unit ?? null } : undefined;
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
