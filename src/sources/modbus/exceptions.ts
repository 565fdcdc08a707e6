/** What a device means by an exception (Modbus 1.1b3 §7), in words that say what to do. */

const words: Readonly<Record<number, string>> = {
  1: "exception 1, illegal function: the device does not know this function",
  2: "exception 2, illegal data address: the device has no such register",
  3: "exception 3, illegal data value: the device does not take this number of registers, or this value",
  4: "exception 4, device failure: the device could not do it",
  5: "exception 5, acknowledge: the device took it and needs time",
  6: "exception 6, device busy: ask again later",
  7: "exception 7, negative acknowledge: the device cannot do it",
  8: "exception 8, memory parity error in the device",
  10: "exception 10, the gateway has no path to the unit: look at its serial side",
  11: "exception 11, the gateway had no answer of the unit",
};

export function exceptionWords(code: number): string {
  return words[code] ?? `exception ${code}`;
}

/** A gateway speaks, and the unit behind it does not. */
export function isOfGateway(code: number): boolean {
  return code === 10 || code === 11;
}

/** The block is of a form that this device does not take: parts of it may be. */
export function isOfBlock(code: number): boolean {
  return code === 2 || code === 3;
}

/** The same may be taken a moment later. */
export function isForNow(code: number): boolean {
  return code === 5 || code === 6;
}
