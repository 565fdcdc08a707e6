/**
 * The objects of BTHome 2 by their ids, as the format lists them. What may be told in two units is given
 * in one: kilograms, meters, liters.
 */
import { utf8Text } from "./utf8.ts";

export interface ObjectType {
  readonly name: string;
  /** How many; `told` where a byte in front says it. */
  readonly bytes: number | "told";
  read(bytes: Uint8Array): readonly (readonly [name: string, value: unknown])[];
}

/** How a number stands in its bytes, and how many steps make one. */
type Numbers = readonly [id: number, name: string, type: "u" | "i", bytes: number, steps?: number];

const poundInKilograms = 0.45359237;

const numbers: readonly Numbers[] = [
  [0x00, "packet_id", "u", 1],
  [0x01, "battery", "u", 1],
  [0x02, "temperature", "i", 2, 100],
  [0x03, "humidity", "u", 2, 100],
  [0x04, "pressure", "u", 3, 100],
  [0x05, "illuminance", "u", 3, 100],
  [0x06, "mass", "u", 2, 100],
  [0x07, "mass", "u", 2, 100 / poundInKilograms],
  [0x08, "dew_point", "i", 2, 100],
  [0x09, "count", "u", 1],
  [0x0a, "energy", "u", 3, 1_000],
  [0x0b, "power", "u", 3, 100],
  [0x0c, "voltage", "u", 2, 1_000],
  [0x0d, "pm25", "u", 2],
  [0x0e, "pm10", "u", 2],
  [0x12, "carbon_dioxide", "u", 2],
  [0x13, "volatile_organic_compounds", "u", 2],
  [0x14, "moisture", "u", 2, 100],
  [0x2e, "humidity", "u", 1],
  [0x2f, "moisture", "u", 1],
  [0x3d, "count", "u", 2],
  [0x3e, "count", "u", 4],
  [0x3f, "rotation", "i", 2, 10],
  [0x40, "distance", "u", 2, 1_000],
  [0x41, "distance", "u", 2, 10],
  [0x42, "duration", "u", 3, 1_000],
  [0x43, "current", "u", 2, 1_000],
  [0x44, "speed", "u", 2, 100],
  [0x45, "temperature", "i", 2, 10],
  [0x46, "uv_index", "u", 1, 10],
  [0x47, "volume", "u", 2, 10],
  [0x48, "volume", "u", 2, 1_000],
  [0x49, "volume_flow_rate", "u", 2, 1_000],
  [0x4a, "voltage", "u", 2, 10],
  [0x4b, "gas", "u", 3, 1_000],
  [0x4c, "gas", "u", 4, 1_000],
  [0x4d, "energy", "u", 4, 1_000],
  [0x4e, "volume", "u", 4, 1_000],
  [0x4f, "water", "u", 4, 1_000],
  [0x50, "timestamp", "u", 4],
  [0x51, "acceleration", "u", 2, 1_000],
  [0x52, "gyroscope", "u", 2, 1_000],
  [0x55, "volume_storage", "u", 4, 1_000],
  [0x56, "conductivity", "u", 2],
  [0x57, "temperature", "i", 1],
  [0x58, "temperature", "i", 1, 20 / 7],
  [0x59, "count", "i", 1],
  [0x5a, "count", "i", 2],
  [0x5b, "count", "i", 4],
  [0x5c, "power", "i", 4, 100],
  [0x5d, "current", "i", 2, 1_000],
  [0x5e, "direction", "u", 2, 100],
  [0x5f, "precipitation", "u", 2, 10],
  [0x60, "channel", "u", 1],
  [0x61, "rotational_speed", "u", 2],
  [0x62, "speed", "i", 4, 1e6],
  [0x63, "acceleration", "i", 4, 1e6],
  [0x64, "light_level", "u", 1],
  [0xf0, "device_type", "u", 2],
];

/** In the order of their ids; yes or no. */
const binaries: readonly (readonly [first: number, names: readonly string[]])[] = [
  [0x0f, ["generic", "powered", "opening"]],
  [
    0x15,
    ["battery_low", "battery_charging", "carbon_monoxide", "cold", "connectivity", "door"].concat(
      ["garage_door", "gas_detected", "heat", "light", "lock", "moisture_detected", "motion"],
      ["moving", "occupancy", "plug", "presence", "problem", "running", "safety", "smoke"],
      ["sound", "tamper", "vibration", "window"],
    ),
  ],
];

const presses = new Map([
  [0x01, "press"],
  [0x02, "double_press"],
  [0x03, "triple_press"],
  [0x04, "long_press"],
  [0x05, "long_double_press"],
  [0x06, "long_triple_press"],
  [0x80, "hold_press"],
  // So Shelly said it before the format had a number for it.
  [0xfe, "hold_press"],
]);

const turns = new Map([
  [0x01, "rotate_left"],
  [0x02, "rotate_right"],
]);

/** An event of a kind that the format does not list keeps its number; 0 is none. */
function eventOf(events: ReadonlyMap<number, string>, code = 0): string | null {
  return code === 0 ? null : (events.get(code) ?? `event_${code}`);
}

const others: readonly (readonly [number, ObjectType])[] = [
  [0x3a, of("button", 1, ([code]) => [["button", eventOf(presses, code)]])],
  [
    0x3c,
    of("dimmer", 2, ([code, steps = 0]) => [
      ["dimmer", eventOf(turns, code)],
      ["dimmer_steps", code === 0 ? null : steps],
    ]),
  ],
  [0x53, of("text", "told", (bytes) => [["text", utf8Text(bytes)]])],
  [0x54, of("raw", "told", (bytes) => [["raw", Buffer.from(bytes).toString("hex")]])],
  [0xf1, of("firmware", 4, (bytes) => [["firmware", bytes.toReversed().join(".")]])],
  [0xf2, of("firmware", 3, (bytes) => [["firmware", bytes.toReversed().join(".")]])],
];

export const bthomeObjects: ReadonlyMap<number, ObjectType> = new Map([
  ...numbers.map(([id, name, type, bytes, steps = 1]): [number, ObjectType] => [
    id,
    of(name, bytes, (value) => [[name, decimal(whole(value, type === "i") / steps)]]),
  ]),
  ...binaries.flatMap(([first, names]) =>
    names.map((name, n): [number, ObjectType] => [
      first + n,
      of(name, 1, ([byte = 0]) => [[name, byte !== 0]]),
    ]),
  ),
  ...others,
]);

function of(name: string, bytes: number | "told", read: ObjectType["read"]): ObjectType {
  return { name, bytes, read };
}

/** The lowest byte first. */
function whole(bytes: Uint8Array, signed: boolean): number {
  const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  const range = 256 ** bytes.length;
  return signed && value >= range / 2 ? value - range : value;
}

/** Steps of 0.35 are no decimal fraction of one. */
function decimal(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
