/** The little of YAML that a profile needs, on one line: `{ name: temperature, unit: Cel }`. */

/** Texts that need no quotes and stay texts. */
const plain = /^[A-Za-z$^][A-Za-z0-9_./^$-]*$/;
const words = /^(true|false|null|yes|no|on|off|y|n|~)$/i;

/** Of numbers, booleans, texts, lists and objects; what is undefined is left out. */
export function plainYaml(value: unknown): string {
  if (typeof value === "string")
    return plain.test(value) && !words.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(plainYaml).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  if (fields.length === 0) return "{}";
  return `{ ${fields.map(([key, field]) => `${plainYaml(key)}: ${plainYaml(field)}`).join(", ")} }`;
}
