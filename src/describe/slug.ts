/** As long as a name of a metric may get here. */
const mostCharacters = 64;

/** `Outside Temperature (north)` as `outside_temperature_north`; empty where nothing is left. */
export function slug(text: string): string {
  return text
    .slice(0, 256)
    .normalize("NFKD")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/[\u0300-\u036f'’]/g, "")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .slice(0, mostCharacters)
    .replace(/^_+|_+$/g, "");
}

/** The slug of a text without what it begins with, where that is one of the slugs. */
export function slugBehind(text: string, beginnings: readonly string[]): string {
  const whole = slug(text);
  for (const beginning of beginnings)
    if (beginning !== "" && whole.startsWith(`${beginning}_`))
      return whole.slice(beginning.length + 1);
  return whole;
}
