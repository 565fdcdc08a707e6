/**
 * Text with places to fill: `{{ device.name }} is at {{ value | fixed(1) }}`.
 *
 * Paths and one filter, no loops and no code. A path that names nothing is found when the rule is
 * checked; one that a device has no answer to (a tag it lacks) becomes empty text. What strangers
 * said stands on one line, and is cut: it forges no line, commands no terminal and fills no store.
 */
import { NamedZone } from "../../core/named-zone.ts";
import { printable } from "../../core/printable.ts";

/** A text that was taken apart. */
export interface Template {
  readonly text: string;
  readonly parts: readonly (string | Place)[];
}

/** A place to fill. */
export interface Place {
  readonly path: string;
  /** Digits after the point, for numbers. */
  readonly digits?: number;
  /** The zone in which a time is shown; empty for that of the rule. */
  readonly local?: string;
}

export type TemplateValue = number | boolean | string | readonly [number, number] | undefined;

/** Gives what stands behind a path. */
export type Lookup = (path: string) => TemplateValue;

const innerPattern = /^([A-Za-z_][^\s|]*)(?:\s*\|\s*(fixed|local)(?:\(\s*([^()\s]*)\s*\))?)?$/;
/** As other systems write it: `$value`, `$labels.device`, `.Value`. */
const foreignPath = /^[$.](?:labels\.)?(\w{1,64})$/i;
/** Of a text that fills a place so much is shown. */
const longestText = 256;
/** Of a text with all its places filled. */
const longestFilled = 2_048;

/** Takes a text apart; a text that cannot be one answers with what is wrong in it. */
export function parseTemplate(text: string): Template | { readonly wrong: string } {
  const parts: (string | Place)[] = [];
  let end = 0;
  for (;;) {
    const start = text.indexOf("{{", end);
    if (start < 0) break;
    const close = text.indexOf("}}", start + 2);
    if (close < 0) return { wrong: `"{{" is never closed; write {{ path }}` };
    const inner = text.slice(start + 2, close).trim();
    const place = parsePlace(inner);
    if (typeof place === "string") return { wrong: `"{{ ${inner} }}" ${place}` };
    if (start > end) parts.push(text.slice(end, start));
    parts.push(place);
    end = close + 2;
  }
  const rest = text.slice(end);
  if (rest !== "") parts.push(rest);
  return { text, parts };
}

function parsePlace(inner: string): Place | string {
  const [, path, filter, given = ""] = innerPattern.exec(inner) ?? [];
  const meant = foreignPath.exec(inner)?.[1];
  if (meant !== undefined)
    return `is not a place; write {{ ${meant === "device" ? "device.id" : meant.toLowerCase()} }}`;
  if (path === undefined)
    return "is not a place; write {{ path }}, {{ path | fixed(1) }} or {{ path | local }}";
  if (filter === "fixed")
    return /^\d$/.test(given) ? { path, digits: Number(given) } : "needs a digit, as fixed(1)";
  if (filter === undefined) return { path };
  if (!path.endsWith("_at")) return "is no time; local is for started_at, fired_at and ended_at";
  if (given === "" || NamedZone.of(given)) return { path, local: given };
  return `names no zone; write a name as local(Europe/Berlin)`;
}

/** The text with its places filled. `zone` is that of the rule. */
export function renderTemplate({ parts }: Template, lookup: Lookup, zone = "UTC"): string {
  let text = "";
  for (const part of parts) {
    const shown = typeof part === "string" ? part : show(lookup(part.path), part, zone);
    // What has no answer leaves no gap: "is at 6 since", where a value has no unit.
    text = shown === "" && text.endsWith(" ") ? text.slice(0, -1) : text + shown;
    if (text.length > longestFilled) return `${text.slice(0, longestFilled - 1)}…`;
  }
  return text;
}

function show(value: TemplateValue, place: Place, zone: string): string {
  const { digits, local } = place;
  switch (typeof value) {
    case "undefined":
      return "";
    case "number":
      return digits === undefined ? String(Math.round(value * 1e6) / 1e6) : value.toFixed(digits);
    case "boolean":
      return String(value);
    case "string":
      return local === undefined ? tame(value) : showTime(value, local === "" ? zone : local);
    default:
      return `${show(value[0], place, zone)} to ${show(value[1], place, zone)}`;
  }
}

function tame(text: string): string {
  const isLong = text.length > longestText;
  return printable(isLong ? `${text.slice(0, longestText - 1)}…` : text);
}

/** `2026-11-21 15:02:10 +01:00`: no hour is taken for another, also where it comes twice. */
function showTime(time: string, zone: string): string {
  const ms = Date.parse(time);
  const offsetMs = NamedZone.of(zone)?.offsetAt(ms) ?? 0;
  const wall = new Date(ms + offsetMs).toISOString().slice(0, 19).replace("T", " ");
  const offset = new Date(Math.abs(offsetMs)).toISOString().slice(11, 16);
  return `${wall} ${offsetMs < 0 ? "-" : "+"}${offset}`;
}
