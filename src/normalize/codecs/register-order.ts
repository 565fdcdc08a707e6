/**
 * How the bytes of a value lie in its registers. A is the highest byte of a value of two registers;
 * manuals name the order by where the four end up.
 */

export const registerOrders = ["ABCD", "CDAB", "BADC", "DCBA"] as const;
export type RegisterOrder = (typeof registerOrders)[number];

/**
 * The bytes with the highest first, or as a device wants them: each order is its own way back. Of four
 * registers, CDAB and DCBA turn all four around.
 */
export function arranged(bytes: Uint8Array, order: RegisterOrder): Uint8Array {
  switch (order) {
    case "ABCD":
      return bytes;
    case "CDAB":
      return withTurnedPairs(bytes.toReversed());
    case "BADC":
      return withTurnedPairs(bytes);
    case "DCBA":
      return bytes.toReversed();
  }
}

/** Each register turned around, in its place. */
function withTurnedPairs(bytes: Uint8Array): Uint8Array {
  const pairs = Uint8Array.from(bytes);
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    pairs[at] = bytes[at + 1] ?? 0;
    pairs[at + 1] = bytes[at] ?? 0;
  }
  return pairs;
}
