/** Times of DSMR telegrams: `161113205757W`, with S in summer and W in winter. */

/** Places where there was never a reading are filled with 1970, or with hours that no day has. */
const firstYear = 2_001;

/**
 * RFC 3339 of a time; without a zone where the telegram tells none. Undefined for a text that is none,
 * null for one that stands for no time.
 */
export function dsmrTime(text: string): string | null | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)([SW]?)$/.exec(text);
  if (match === null) return undefined;
  const [short = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const year = short + (short < 70 ? 2_000 : 1_900);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isReal || hour > 23 || minute > 59 || second > 59 || year < firstYear) return null;
  const zones: Readonly<Record<string, string>> = { S: "+02:00", W: "+01:00" };
  return date.toISOString().slice(0, 19) + (zones[match[7] ?? ""] ?? "");
}

/** The same without the zone of Central Europe, for meters that stand elsewhere. */
export function localTime(time: string | null): string | null {
  return time?.slice(0, 19) ?? null;
}
