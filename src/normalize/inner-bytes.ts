/** Bytes that stand in a text, in each of the ways in which devices and servers write them. */

/** Base64 of either alphabet, with or without padding, also over several lines. */
export function bytesOfBase64(text: string): Uint8Array | undefined {
  const written = text.replace(/\s/g, "");
  const padding = written.endsWith("==") ? 2 : written.endsWith("=") ? 1 : 0;
  const digits = written.slice(0, written.length - padding);
  if (!/^[A-Za-z0-9+/_-]*$/.test(digits) || digits.length % 4 === 1) return undefined;
  return Buffer.from(digits, "base64");
}

/** Hex digits in either case, with `0x` in front, and blanks, colons or hyphens between bytes. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/0x/gi, "").replace(/[\s:,-]/g, "");
  if (!/^[0-9A-Fa-f]*$/.test(digits) || digits.length % 2 === 1) return undefined;
  return Buffer.from(digits, "hex");
}
