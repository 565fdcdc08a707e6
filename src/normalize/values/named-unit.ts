/** Units by the words that messages name them with, and how they become the unit of a metric. */
import { remember } from "../../core/remember.ts";
import type { Unit } from "../../core/unit.ts";
import { type Conversion, conversionOf } from "../../core/unit-conversion.ts";
import { descend, isScalar, type Path, readPath } from "../paths/path.ts";
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

/**
 * The conversion that a message asks for; undefined where it names no unit and the profile no other
 * for that. A text is the unit that it names and that is not known. `member` is what stood at the key
 * of a wildcard that the unit shares with its metric.
 */
export function readNamedUnit(
  { conversions, otherwise, path }: NamedUnit,
  to: Unit,
  member: unknown,
  root: unknown,
  whole: unknown,
): Conversion | undefined | string {
  const word = wordOf(path, member, root, whole);
  if (word === "") return otherwise;
  return conversions.get(word) ?? conversionFrom(word, to) ?? word.slice(0, maxLength);
}

/** What the message says at the place of a unit; empty where it says nothing. */
export function wordOf(path: Path, member: unknown, root: unknown, whole: unknown): string {
  const found =
    path.wildcard === "key" ? descend(member, path.behind) : readPath(path, root, whole);
  return isScalar(found) ? String(found) : "";
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
