/** What a Bluetooth advertisement says: structures of a length, a type and data. */

export const manufacturerData = 0xff;
export const serviceData = 0x16;

/** An extended advertisement in all its parts (Bluetooth 5.0); more bytes are none. */
export const mostAdvertisedBytes = 1_650;

/** Data under the number of a maker (16 bits, lowest byte first) or of a service. */
export interface AdvertisedData {
  readonly type: number;
  readonly id: number;
  readonly data: Uint8Array;
}

/** All that carry such a number; undefined where the bytes are no advertisement. */
export function readAdvertisement(bytes: Uint8Array): readonly AdvertisedData[] | undefined {
  const found: AdvertisedData[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes[at] ?? 0;
    if (length === 0) break;
    const structure = bytes.subarray(at + 1, at + 1 + length);
    if (structure.length < length) return undefined;
    const [type = 0, low = 0, high = 0] = structure;
    if (length > 2 && (type === manufacturerData || type === serviceData))
      found.push({ type, id: high * 256 + low, data: structure.subarray(3) });
    at += 1 + length;
  }
  return at > 0 && bytes.subarray(at).every((byte) => byte === 0) ? found : undefined;
}

/**
 * What stands behind the type and the number of a maker or a service, or behind the number alone, which
 * some pass on as people write it; undefined where the bytes do not begin so.
 */
export function behindNumber(bytes: Uint8Array, type: number, id: number): Uint8Array | undefined {
  const rest = bytes[0] === type ? bytes.subarray(1) : bytes;
  const [first = 0, second = 0] = rest;
  const isThis = second * 256 + first === id || first * 256 + second === id;
  return rest.length > 2 && isThis ? rest.subarray(2) : undefined;
}

/** An address as people write it; undefined where all bits are set, which stands for none. */
export function bluetoothAddress(bytes: Uint8Array): string | undefined {
  if (bytes.every((byte) => byte === 0xff)) return undefined;
  const parts = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return parts.join(":").toUpperCase();
}
