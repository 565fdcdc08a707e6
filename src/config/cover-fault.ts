import { cover, isSecretName, maskAddress, maskSecrets } from "../core/mask-secrets.ts";
import type { LocatedFault, SourcePlace } from "./located-fault.ts";

/** The fault as it may be shown: nothing in its words or in its line that may be a secret. */
export function coverFault(fault: LocatedFault): LocatedFault {
  const { hint, message, names = [], place } = fault;
  return {
    ...fault,
    message: maskAround(names, message, maskSecrets),
    ...(hint !== undefined && { hint: maskAround(names, hint, maskAddress) }),
    ...(place && { place: coverPlace(fault, place) }),
  };
}

/** Masks a text but for names in it: each where it stands as a whole, and is no word of what is masked. */
function maskAround(
  names: readonly string[],
  text: string,
  mask: (text: string) => string,
): string {
  const places = names.flatMap((name) => placesOf(name, text));
  let hidden = text;
  for (const { end, start } of places)
    hidden = hidden.slice(0, start) + "x".repeat(end - start) + hidden.slice(end);
  let masked = mask(hidden);
  for (const { end, start } of places)
    masked = masked.slice(0, start) + text.slice(start, end) + masked.slice(end);
  return masked;
}

function placesOf(name: string, text: string): { readonly start: number; readonly end: number }[] {
  const found = [];
  for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + 1)) {
    const end = start + name.length;
    const isWhole =
      /^$|[\s"'(]/.test(text.charAt(start - 1)) && /^$|[\s"':;,)]/.test(text.charAt(end));
    if (isWhole && name !== "") found.push({ start, end });
  }
  return found;
}

/**
 * A value of a secret's name is covered wherever it stands, also on a line of its own; but for the name of
 * a file, which the message says.
 */
function coverPlace({ atKey, names, path }: LocatedFault, place: SourcePlace): SourcePlace {
  if (place.text === undefined) return place;
  const text = maskSecrets(place.text);
  if (!isSecret(path) || atKey === true || names !== undefined) return { ...place, text };
  const start = place.column - 1;
  const end = start + place.width;
  return {
    ...place,
    text: text.slice(0, start) + cover(text.slice(start, end)) + text.slice(end),
  };
}

/** Where the name of a variable belongs, somebody may have written the secret itself. */
function isSecret(path: LocatedFault["path"]): boolean {
  const last = String(path.at(-1));
  return isSecretName(last === "env" ? String(path.at(-2)) : last);
}
