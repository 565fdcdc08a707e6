import { fieldText } from "./field-text.ts";

/** One field for each type, so that no type ever meets another one in its place. */
export function valueField(value: number | boolean | string): string {
  if (typeof value === "number") return `value=${value}`;
  return typeof value === "boolean" ? `truth=${value}` : `text=${fieldText(value)}`;
}

/** Line protocol has no numbers that are none. */
export function isWritable(value: number | boolean | string): boolean {
  return typeof value !== "number" || Number.isFinite(value);
}
