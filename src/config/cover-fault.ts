import { cover, isSecretName, maskAddress, maskSecrets } from "../core/mask-secrets.ts";
import type { LocatedFault, SourcePlace } from "./located-fault.ts";

/** The fault as it may be shown: nothing in its words or in its line that may be a secret. */
export function coverFault(fault: LocatedFault): LocatedFault {
  const { hint, message, place } = fault;
  return {
    ...fault,
    message: maskSecrets(message),
    ...(hint !== undefined && { hint: maskAddress(hint) }),
    ...(place && { place: coverPlace(fault, place) }),
  };
}

/** A value of a secret's name is covered wherever it stands, also on a line of its own. */
function coverPlace({ atKey, path }: LocatedFault, place: SourcePlace): SourcePlace {
  if (place.text === undefined) return place;
  const text = maskSecrets(place.text);
  if (!isSecret(path) || atKey === true) return { ...place, text };
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
