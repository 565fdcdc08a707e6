/** Times that count from 1970, as number or as text. */

export const epochUnits = ["auto", "s", "ms", "us", "ns"] as const;
export type EpochUnit = (typeof epochUnits)[number];

const perMs: Readonly<Record<Exclude<EpochUnit, "auto">, number>> = {
  s: 1e-3,
  ms: 1,
  us: 1e3,
  ns: 1e6,
};

/**
 * Whole milliseconds; undefined for what is no number. `auto` tells the unit by the size: seconds until
 * the year 5138, from then on milliseconds since March 1973, and so on by thousands.
 */
export function readEpoch(value: unknown, unit: EpochUnit): number | undefined {
  const count = typeof value === "string" ? countOf(value) : value;
  if (typeof count !== "number") return undefined;
  return Math.round(count / perMs[unit === "auto" ? unitBySize(Math.abs(count)) : unit]);
}

function unitBySize(count: number): keyof typeof perMs {
  if (count < 1e11) return "s";
  if (count < 1e14) return "ms";
  return count < 1e17 ? "us" : "ns";
}

function countOf(text: string): number | undefined {
  const trimmed = text.length > 40 ? "" : text.trim();
  return /^\d+(?:\.\d*)?$/.test(trimmed) ? Number(trimmed) : undefined;
}
