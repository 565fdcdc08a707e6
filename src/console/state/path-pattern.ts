/** Paths of the page: which screen one means, and what it names. */

/**
 * Holds a path against a pattern such as `/devices/:key`. Gives what its named parts are, decoded;
 * undefined where it does not fit, or is not decodable. A slash at the end does not matter.
 */
export function matchPath(
  pattern: string,
  path: string,
): Readonly<Record<string, string>> | undefined {
  const wanted = partsOf(pattern);
  const given = partsOf(path);
  if (wanted.length !== given.length) return undefined;
  const named: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const text = decode(given[index] ?? "");
    if (text === undefined) return undefined;
    if (part.startsWith(":")) named[part.slice(1)] = text;
    else if (part !== text) return undefined;
  }
  return named;
}

/** A query with some of its parts set anew; undefined and the empty text take a part away. */
export function withParts(
  query: string,
  parts: Readonly<Record<string, string | undefined>>,
): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parts))
    if (value === undefined || value === "") next.delete(name);
    else next.set(name, value);
  const text = next.toString();
  return text === "" ? "" : `?${text}`;
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
