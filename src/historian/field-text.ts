/**
 * Texts as values of fields. A line break inside a quoted text is allowed by InfluxDB and is the end
 * of the line for VictoriaMetrics, which then takes the rest for another point; so control characters
 * are written as JSON writes them.
 */
import { beginning } from "./beginning.ts";

const maxCharacters = 16_384;
const special = /[\p{Cc}\p{Cs}"\\]/gu;

/** Quoted and escaped; what is longer than 16,384 characters ends with `…`. */
export function fieldText(text: string): string {
  const kept = text.length <= maxCharacters ? text : `${beginning(text, maxCharacters - 1)}…`;
  return `"${kept.replace(special, written)}"`;
}

function written(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  const inJson = JSON.stringify(character).slice(1, -1);
  return inJson === character ? character : `\\${inJson}`;
}
