/** What a P1 telegram says of another meter: gas, water, heat, at a channel of the M-Bus. */

import type { TelegramLine } from "./dsmr-telegram.ts";
import { dsmrTime } from "./dsmr-time.ts";
import { meterName, meterValue } from "./obis.ts";

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
};

/** A reading of such a meter; undefined where there never was one. */
export function channelReading(
  channel: number,
  lines: readonly TelegramLine[],
  around: string | null,
): Readonly<Record<string, unknown>> | undefined {
  const firstOf = (quantity: string): string | undefined =>
    lines.find(({ code }) => code.quantity === quantity)?.groups[0];
  const reading = lines.map(readingOf).find((found) => found !== undefined);
  if (reading === undefined) return undefined;
  const type = Number(firstOf("24.1.0"));
  const name = meterName(firstOf("96.1.0") || firstOf("96.1.1") || firstOf("96.1.2") || "");
  const valve = Number(firstOf("24.4.0") || Number.NaN);
  return {
    meter: name ?? `${around ?? "meter"}-channel-${channel}`,
    medium: media[type] ?? `type_${Number.isNaN(type) ? "unknown" : type}`,
    channel,
    ...reading,
    ...(Number.isNaN(valve) ? {} : { valve }),
  };
}

/** `(161129200000W)(00981.443*m3)`, or `(161107190000)(00)(60)(1)(0-1:24.2.1)(m3)(00001.001)`. */
function readingOf({ code, groups }: TelegramLine): Readonly<Record<string, unknown>> | undefined {
  if (!code.quantity.startsWith("24.")) return undefined;
  const time = groups.length < 2 ? undefined : dsmrTime(groups[0] ?? "");
  const found = meterValue(groups.at(-1) ?? "");
  if (time === undefined || time === null || found === undefined) return undefined;
  const unit = found.unit ?? (groups.length > 2 ? groups.at(-2) : undefined);
  return { time, moment: time, value: found.value, unit: unit ?? null };
}
