/** What a message would become, or why it still does not fit, in words. */
import { fullText } from "../../parts/time-text.ts";
import { quantityText } from "../../parts/unit-text.ts";

type Thing = Readonly<Record<string, unknown>>;

export interface SampleWords {
  readonly passes: boolean;
  /** A line for each event; or one with the reason. */
  readonly lines: readonly string[];
}

/** `now` is what the gateway says of it: the events, or a text. */
export function sampleWords(now: unknown): SampleWords {
  if (!Array.isArray(now))
    return { passes: false, lines: [String(now ?? "nothing is said of it")] };
  return { passes: true, lines: now.filter(isThing).map(eventLine) };
}

function eventLine({ data, device, kind, timeMs }: Thing): string {
  const time = typeof timeMs === "number" ? `${fullText(timeMs)} ` : "";
  const name = typeof device === "string" ? `${device} ` : "";
  const body =
    kind === "measurement" && Array.isArray(data)
      ? data.filter(isThing).map(measurementText).join(" · ")
      : `${String(kind)} ${JSON.stringify(data)}`;
  return `${time}${name}${body}`;
}

function measurementText({ name, quality, unit, value }: Thing): string {
  const isPlain =
    typeof value === "number" || typeof value === "boolean" || typeof value === "string";
  const sign = typeof unit === "string" ? unit : null;
  const shown = isPlain ? quantityText(value, sign) : JSON.stringify(value);
  return `${String(name)} ${shown}${quality === "good" ? "" : ` (${String(quality)})`}`;
}

function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null;
}
