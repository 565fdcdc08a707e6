/**
 * The types of Cayenne LPP: those of its first version, and those that its libraries have added. Names
 * are those of The Things Stack where it has one.
 */
import { makersTypes } from "./lpp-makers-types.ts";
import { type LppType, place, signed, signedWhole, unsigned } from "./lpp-type.ts";

export const lppTypes: ReadonlyMap<number, LppType> = new Map([
  [0, unsigned("digital_in", 1)],
  [1, unsigned("digital_out", 1)],
  [2, signed("analog_in", 2, 100)],
  [3, signed("analog_out", 2, 100)],
  [100, unsigned("generic", 4)],
  [101, unsigned("luminosity", 2)],
  [102, unsigned("presence", 1)],
  [103, signed("temperature", 2, 10)],
  [104, unsigned("relative_humidity", 1, 2)],
  [113, axes("accelerometer", 1_000)],
  [115, unsigned("barometric_pressure", 2, 10)],
  [116, unsigned("voltage", 2, 100)],
  [117, unsigned("current", 2, 1_000)],
  [118, unsigned("frequency", 4)],
  [120, unsigned("percentage", 1)],
  [121, signed("altitude", 2)],
  [125, unsigned("concentration", 2)],
  [128, unsigned("power", 2)],
  [130, unsigned("distance", 4, 1_000)],
  [131, unsigned("energy", 4, 1_000)],
  [132, unsigned("direction", 2)],
  [133, unsigned("unix_time", 4)],
  [134, axes("gyrometer", 100)],
  [135, { name: "colour", bytes: 3, read: ([r, g, b]) => ({ r, g, b }) }],
  [136, place(3, 10_000)],
  [142, unsigned("switch", 1)],
  [240, { name: "polyline", bytes: "told", read: polyline }],
  ...makersTypes,
]);

function axes(name: string, steps: number): LppType {
  const one = (value: Uint8Array, at: number): number =>
    signedWhole(value.subarray(at, at + 2)) / steps;
  return {
    name,
    bytes: 6,
    read: (value) => ({ x: one(value, 0), y: one(value, 2), z: one(value, 4) }),
  };
}

/** How many ten-thousandths of a degree a step has, by codes; smaller codes are the number itself. */
const polylineSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
const firstCode = 227;
const lastOwnNumber = 199;

/**
 * A way, as pairs of latitude and longitude. Its bytes are its size, its step, a place, and how far it
 * goes on from each, in two halves of a byte.
 */
function polyline(value: Uint8Array): unknown {
  const code = value[1] ?? 0;
  const step = code <= lastOwnNumber ? code : polylineSteps[code - firstCode];
  if (step === undefined || step === 0 || value.length < 8) return null;
  let latitude = signedWhole(value.subarray(2, 5)) * step;
  let longitude = signedWhole(value.subarray(5, 8)) * step;
  const places = [[latitude / 10_000, longitude / 10_000]];
  for (const byte of value.subarray(8)) {
    latitude += nibble(byte & 15) * step;
    longitude += nibble(byte >> 4) * step;
    places.push([latitude / 10_000, longitude / 10_000]);
  }
  return places;
}

function nibble(four: number): number {
  return four > 7 ? four - 16 : four;
}
