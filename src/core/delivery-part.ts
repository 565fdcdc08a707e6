/**
 * Which record of a message it is. A message with several events has as many records, and a power cut
 * may leave any of them: each says which it is, so that those are known that are missing.
 */
export interface DeliveryPart {
  /** So many records of the message stand behind this one. */
  readonly following: number;
  /** None stands in front of it. */
  readonly isFirst: boolean;
}

const oneOfSeveral = 0x4000;
const first = 0x8000;
const mostFollowing = 0x3fff;

/** A part in 16 bits; 0 for the record of a message that has only one. */
export function encodePart(part: DeliveryPart | undefined): number {
  if (part === undefined) return 0;
  return oneOfSeveral | (part.isFirst ? first : 0) | (part.following & mostFollowing);
}

export function decodePart(code: number): DeliveryPart | undefined {
  if ((code & oneOfSeveral) === 0) return undefined;
  return { following: code & mostFollowing, isFirst: (code & first) !== 0 };
}

/** True where the parts, by what follows them, are all that the message has. */
export function isWhole(parts: ReadonlyMap<number, DeliveryPart>): boolean {
  return [...parts.values()].some(({ following, isFirst }) => isFirst && parts.size > following);
}
