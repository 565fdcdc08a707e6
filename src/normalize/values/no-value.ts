/** What devices and servers write where there is nothing to tell. */

/** In small letters; a sign in front does not matter. */
const words: ReadonlySet<string> = new Set([
  ...["nan", "inf", "infinity", "unavailable", "unknown", "none", "null", "undefined", "n/a"],
]);

/** The longest of them, with a sign. */
const maxLength = 12;

/** True for a text that stands for no value: `nan`, `-inf`, `unavailable`, nothing but white space. */
export function isNoValue(text: string): boolean {
  if (text.length > maxLength) return text.trim() === "";
  const word = text.trim().toLowerCase();
  if (word === "") return true;
  return words.has(word.startsWith("-") || word.startsWith("+") ? word.slice(1) : word);
}

/** True for a list or an object with nothing in it. */
export function isEmpty(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  for (const _ in value) return false;
  return true;
}
