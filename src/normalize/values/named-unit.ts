/** Units by the words that messages name them with, and how they become the unit of a metric. */
import { remember } from "../../core/remember.ts";
import type { Unit } from "../../core/unit.ts";
import { type Conversion, conversionOf } from "../../core/unit-conversion.ts";
import { descend, isRecord, isScalar, type Path, readPath } from "../paths/path.ts";
import type { NamedUnit } from "../profile.ts";
import { plainUnit, unitMeant } from "./unit-meant.ts";

/**
 * Spellings beside the symbols of the table of conversions; several where only the quantity tells
 * which is meant: `F` is Fahrenheit or farad.
 */
const spellings: Readonly<Record<string, readonly string[]>> = {
  "°c": ["Cel"],
  c: ["Cel"],
  celsius: ["Cel"],
  "°f": ["degF"],
  f: ["degF"],
  fahrenheit: ["degF"],
  degf: ["degF"],
  "°k": ["K"],
  kelvin: ["K"],
  mbar: ["mbar"],
  hpa: ["hPa"],
  kpa: ["kPa"],
  inhg: ["inHg"],
  mmhg: ["mmHg"],
  torr: ["mmHg"],
  "km/h": ["km/h"],
  kmh: ["km/h"],
  kph: ["km/h"],
  mph: ["mph"],
  knots: ["kn"],
  knot: ["kn"],
  kt: ["kn"],
  kts: ["kn"],
  "mi/h": ["mph"],
  inch: ["in"],
  '"': ["in"],
  feet: ["ft"],
  miles: ["mi"],
  kwh: ["kWh"],
  wh: ["Wh"],
  kw: ["kW"],
  w: ["W"],
  kv: ["kV"],
  va: ["VA"],
  kva: ["kVA"],
  vah: ["VAh"],
  kvah: ["kVAh"],
  var: ["var"],
  kvar: ["kvar"],
  varh: ["varh"],
  kvarh: ["kvarh"],
  volts: ["V"],
  v: ["V"],
  a: ["A"],
  "l/m": ["l/min"],
  lpm: ["l/min"],
  gpm: ["gal/min"],
  cfm: ["ft3/min"],
  gallons: ["gal"],
  liter: ["l"],
  litre: ["l"],
  liters: ["l"],
  litres: ["l"],
  sec: ["s"],
  secs: ["s"],
  seconds: ["s"],
  minutes: ["min"],
  hr: ["h"],
  hours: ["h"],
  days: ["d"],
  "%": ["%"],
  percent: ["%"],
  lux: ["lx"],
  hz: ["Hz"],
  bytes: ["B"],
  kib: ["KiB"],
  mib: ["MiB"],
};

/** Longer words name no unit. */
const maxLength = 24;

/**
 * How a value in the unit that a word names becomes one in `to`; undefined where the word names no
 * unit of that quantity. Small letters are taken for large ones only where they mean one thing: mW is
 * never MW.
 */
export function conversionFrom(word: string, to: string): Conversion | undefined {
  return word.length > maxLength ? undefined : remembered(`${to}\0${word}`);
}

/** Messages name the same few units again and again. */
const remembered = remember(1_024, (key) => {
  const at = key.indexOf("\0");
  return find(key.slice(at + 1), key.slice(0, at));
});

/** What a wildcard stands for. */
export interface KeyFound {
  readonly key: string;
  /** What stood at the key. */
  readonly member: unknown;
}

/**
 * The conversion that a message asks for by the word that it names a unit with; undefined where it
 * names none and the profile no other for that. A text is the unit that it names and that is not known.
 */
export function namedConversion(
  { conversions, otherwise }: NamedUnit,
  word: string,
  to: Unit,
): Conversion | undefined | string {
  if (word === "") return otherwise;
  return conversions.get(word) ?? conversionFrom(word, to) ?? word.slice(0, maxLength);
}

/** What the message says at the place of a unit; empty where it says nothing. */
export function unitWord(
  { beside, path }: NamedUnit,
  found: KeyFound | undefined,
  root: unknown,
  whole: unknown,
): string {
  const start = beside && path.wildcard === "key" ? found?.member : keyed(path, found, root, whole);
  const word = path.wildcard === "key" ? descend(start, path.behind) : start;
  return isScalar(word) ? String(word) : "";
}

/** What stands at the path, or at the key of another wildcard there. */
function keyed(path: Path, found: KeyFound | undefined, root: unknown, whole: unknown): unknown {
  const there = readPath(path, root, whole);
  if (path.wildcard !== "key") return there;
  const key = found?.key ?? "";
  return isRecord(there) && Object.hasOwn(there, key) ? there[key] : undefined;
}

function find(word: string, to: string): Conversion | undefined {
  const plain = plainUnit(word);
  const bySymbol = conversionOf(plain, to);
  if (bySymbol !== undefined) return bySymbol;
  const lower = plain.toLowerCase();
  const spelled = Object.hasOwn(spellings, lower) ? spellings[lower] : undefined;
  for (const symbol of spelled ?? []) {
    const conversion = conversionOf(symbol, to);
    if (conversion !== undefined) return conversion;
  }
  const meant = unitMeant(word);
  return meant === undefined ? undefined : conversionOf(meant, to);
}
