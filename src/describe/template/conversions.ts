/** Filters and functions that make one kind of value another: numbers above all. */
import { Failed, isTrue, parseNumber, toNumber, toText } from "./template-value.ts";

const truths = new Set(["1", "true", "yes", "on", "enable"]);
const untruths = new Set(["0", "false", "no", "off", "disable"]);

/** With a default, that one where the value is no number; else it has failed. */
export function toFloat(value: unknown, fallback: unknown): unknown {
  const number = typeof value === "string" ? parseNumber(value) : toNumber(value);
  return number ?? instead(value, fallback);
}

/** Towards zero. `base` is that of a text. */
export function toInt(value: unknown, fallback: unknown, base: unknown): unknown {
  if (typeof value === "string" && typeof base === "number" && base !== 10) {
    const digits = value.trim().replace(/^0[xob]/i, "");
    const isWhole = base >= 2 && base <= 36 && /^[0-9a-z]{1,12}$/i.test(digits);
    const number = isWhole ? Number.parseInt(digits, base) : Number.NaN;
    const isRight =
      isWhole && number.toString(base) === digits.toLowerCase().replace(/^0+(?=.)/, "");
    return isRight ? number : instead(value, fallback);
  }
  const number = typeof value === "string" ? parseNumber(value) : toNumber(value);
  return number === undefined ? instead(value, fallback) : Math.trunc(number) + 0;
}

export function toBool(value: unknown, fallback: unknown): unknown {
  if (typeof value === "number" || typeof value === "boolean") return isTrue(value);
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (truths.has(word)) return true;
  return untruths.has(word) ? false : instead(value, fallback);
}

/** Half goes to the even neighbor, unless `method` says `floor`, `ceil` or `half`. */
export function round(
  value: unknown,
  digits: unknown,
  method: unknown,
  fallback: unknown,
): unknown {
  const number = typeof value === "string" ? parseNumber(value) : toNumber(value);
  const places = digits === undefined ? 0 : toNumber(digits);
  if (number === undefined || places === undefined) return instead(value, fallback);
  if (!Number.isInteger(places) || Math.abs(places) > 15) return new Failed(value);
  const isCommon = method === undefined || method === "common";
  if (isCommon && places >= 0) return roundToPlaces(number, places);
  const scale = 10 ** Math.abs(places);
  const scaled = places < 0 ? number / scale : number * scale;
  const whole = isCommon ? roundToPlaces(scaled, 0) : roundBy(method, scaled);
  if (whole === undefined || !Number.isFinite(whole)) return new Failed(value);
  return (places < 0 ? whole * scale : whole / scale) + 0;
}

/** Of the number as it is held: 12.345 is a little more than its digits say, 2.675 a little less. */
function roundToPlaces(number: number, places: number): number {
  const nearest = number.toFixed(places);
  const longer = number.toFixed(places + 1);
  const isHalf = longer.endsWith("5") && /^0*$/.test(number.toFixed(100).slice(longer.length));
  const below = longer.slice(0, -1);
  return Number(isHalf && /[02468]\.?$/.test(below) ? below : nearest) + 0;
}

function roundBy(method: unknown, scaled: number): number | undefined {
  if (method === "floor") return Math.floor(scaled);
  if (method === "ceil") return Math.ceil(scaled);
  return method === "half" ? Math.round(scaled * 2) / 2 : undefined;
}

/** The value, or `fallback` where nothing has the name; with `alsoFalse`, where it is not true either. */
export function orDefault(value: unknown, fallback: unknown, alsoFalse: unknown): unknown {
  if (value instanceof Failed) return value;
  if (value === undefined || (isTrue(alsoFalse) && !isTrue(value)))
    return fallback === undefined ? "" : fallback;
  return value;
}

/** `%.1f`, `%d`, `%s` and their like, one after the other. */
export function format(pattern: unknown, values: readonly unknown[]): unknown {
  if (typeof pattern !== "string") return new Failed(pattern);
  let at = 0;
  let failed: Failed | undefined;
  const text = pattern.replace(
    /%(?:%|(0?)(\d{0,2})(?:\.(\d{1,2}))?([dfisx]))/g,
    (whole, zero: string | undefined, width = "", places = "6", kind = "") => {
      if (whole === "%%") return "%";
      const value = values[at];
      at += 1;
      const shown = formatOne(value, kind, Number(places));
      if (shown === undefined) failed = new Failed(value);
      return (shown ?? "").padStart(Number(width), zero === "0" ? "0" : " ");
    },
  );
  return failed ?? text;
}

function formatOne(value: unknown, kind: string, places: number): string | undefined {
  if (kind === "s") return toText(value);
  const number = toNumber(value);
  if (number === undefined) return undefined;
  if (kind === "f") return number.toFixed(places);
  return Math.trunc(number).toString(kind === "x" ? 16 : 10);
}

function instead(value: unknown, fallback: unknown): unknown {
  return fallback === undefined ? new Failed(value) : fallback;
}
