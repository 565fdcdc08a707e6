/** The body of an event for people: in one line, and whole. Pure. */
import { quantityText } from "../../parts/unit-text.ts";

const mostCharacters = 200;

/** Measurements as `temperature -11.4 °C, door false`; anything else as it is stored. */
export function shortText(data: unknown): string {
  const parts = Array.isArray(data) ? data.map(measurementText) : [undefined];
  const text = parts.every((part) => part !== undefined)
    ? parts.join(", ")
    : (JSON.stringify(data) ?? "");
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

/** As JSON: of a list, each on a line of its own, without what holds them together. */
export function wholeText(data: unknown): string {
  if (!Array.isArray(data) || data.length === 0) return JSON.stringify(data, null, 2) ?? "";
  return data.map((one) => JSON.stringify(one)).join("\n");
}

function measurementText(one: unknown): string | undefined {
  if (typeof one !== "object" || one === null || !("name" in one) || !("value" in one))
    return undefined;
  const { name, value } = one;
  const unit = "unit" in one && typeof one.unit === "string" ? one.unit : null;
  const isPlain =
    typeof value === "number" || typeof value === "boolean" || typeof value === "string";
  return typeof name === "string" && isPlain ? `${name} ${quantityText(value, unit)}` : undefined;
}
