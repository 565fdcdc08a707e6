/** A type of Cayenne LPP, and how most of them are read. */

export interface LppType {
  readonly name: string;
  /** How many; `told` where the first says it. */
  readonly bytes: number | "told";
  read(bytes: Uint8Array): unknown;
}

export function unsigned(name: string, bytes: number, steps = 1): LppType {
  return { name, bytes, read: (value) => whole(value) / steps };
}

export function signed(name: string, bytes: number, steps = 1): LppType {
  return { name, bytes, read: (value) => signedWhole(value) / steps };
}

/** Latitude and longitude in so many bytes and steps, and an altitude in 0.01 m. */
export function place(bytes: 3 | 4, steps: number): LppType {
  const at = (value: Uint8Array, from: number, size: number): number =>
    signedWhole(value.subarray(from, from + size));
  return {
    name: "gps",
    bytes: 2 * bytes + 3,
    read: (value) => ({
      latitude: at(value, 0, bytes) / steps,
      longitude: at(value, bytes, bytes) / steps,
      altitude: at(value, 2 * bytes, 3) / 100,
    }),
  };
}

/** The highest byte first. */
function whole(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

export function signedWhole(bytes: Uint8Array): number {
  const value = whole(bytes);
  const range = 256 ** bytes.length;
  return value >= range / 2 ? value - range : value;
}
