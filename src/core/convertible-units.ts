/**
 * The units that values are converted between, each with its exact factor to the unit of its
 * quantity that all others are held against.
 *
 * Sources: the International System of Units (SI Brochure, 9th edition) for its units, prefixes and
 * the units accepted beside it; NIST Special Publication 811 (2008), appendix B, and the
 * International Yard and Pound Agreement of 1959 (1 yd = 0.9144 m, 1 lb = 0.45359237 kg) for the
 * customary ones; IEC 80000-13 for multiples of 1024.
 */

/** A unit against the first of its quantity: value × factor + zero is the value in that one. */
export interface ConvertibleUnit {
  readonly quantity: string;
  /** Numerator and denominator. */
  readonly factor: readonly [bigint, bigint];
  /** What 0 of this unit is in the other. */
  readonly zero: number;
}

/** A factor as it stands in its source: a decimal, or a numerator and a denominator. */
type Written = string | readonly [string, string];

const temperature: Readonly<Record<string, readonly [Written, number]>> = {
  K: ["1", 0],
  Cel: ["1", 273.15],
  // SP 811, B.8: T/K = (t/°F + 459.67)/1.8
  degF: [["5", "9"], 2298.35 / 9],
};

/** Standard gravity: 9.80665 m/s² (3rd CGPM, 1901). */
const quantities: Readonly<Record<string, Readonly<Record<string, Written>>>> = {
  // bar, mbar, mmHg, inHg, psi: SP 811, B.8. Mercury has 13,595.1 kg/m³ at standard gravity; a pound
  // of force is 0.45359237 kg × 9.80665 m/s², a square inch 0.00064516 m².
  pressure: {
    Pa: "1",
    hPa: "100",
    kPa: "1000",
    MPa: "1000000",
    mbar: "100",
    bar: "100000",
    mmHg: "133.322387415",
    inHg: "3386.388640341",
    psi: ["4.4482216152605", "0.00064516"],
    atm: "101325",
    mmH2O: "9.80665",
  },
  // Inch, foot, mile: 25.4 mm, 12 in, 5280 ft. Nautical mile: 1852 m (Monaco, 1929).
  length: {
    m: "1",
    um: "0.000001",
    mm: "0.001",
    cm: "0.01",
    dm: "0.1",
    km: "1000",
    in: "0.0254",
    ft: "0.3048",
    yd: "0.9144",
    mi: "1609.344",
    nmi: "1852",
  },
  speed: {
    "m/s": "1",
    "km/h": ["1", "3.6"],
    mph: "0.44704",
    kn: ["1852", "3600"],
    "ft/s": "0.3048",
    "m/h": ["1", "3600"],
    "mm/h": ["0.001", "3600"],
    "in/h": ["0.0254", "3600"],
  },
  // SI Brochure, table 8: a degree is π/180 rad; π with more digits than a number holds.
  angle: { deg: "1", rad: ["180", "3.14159265358979323846"] },
  area: { m2: "1", cm2: "0.0001", ft2: "0.09290304" },
  // US gallon: 231 cubic inches. Imperial gallon: 4.54609 l (Weights and Measures Act 1985).
  volume: {
    m3: "1",
    l: "0.001",
    ml: "0.000001",
    ft3: "0.028316846592",
    gal: "0.003785411784",
    "gal(UK)": "0.00454609",
  },
  flow: {
    "m3/s": "1",
    "m3/h": ["1", "3600"],
    "l/s": "0.001",
    "l/min": ["0.001", "60"],
    "l/h": ["0.001", "3600"],
    "gal/min": ["0.003785411784", "60"],
    "ft3/min": ["0.028316846592", "60"],
  },
  // Metric carat: 200 mg (4th CGPM, 1907). Grain, pennyweight and troy ounce: SP 811, B.8.
  mass: {
    kg: "1",
    mg: "0.000001",
    g: "0.001",
    t: "1000",
    lb: "0.45359237",
    oz: "0.028349523125",
    ct: "0.0002",
    gr: "0.00006479891",
    dwt: "0.00155517384",
    ozt: "0.0311034768",
  },
  // British thermal unit of the International Table: 1055.05585262 J (SP 811, B.8).
  energy: {
    J: "1",
    kJ: "1000",
    MJ: "1000000",
    GJ: "1000000000",
    Wh: "3600",
    kWh: "3600000",
    MWh: "3600000000",
    BTU: "1055.05585262",
  },
  power: { W: "1", mW: "0.001", kW: "1000", MW: "1000000", "BTU/h": ["1055.05585262", "3600"] },
  "apparent power": { VA: "1", kVA: "1000" },
  "reactive power": { var: "1", kvar: "1000" },
  "apparent energy": { VAs: "1", VAh: "3600", kVAh: "3600000" },
  "reactive energy": { vars: "1", varh: "3600", kvarh: "3600000" },
  voltage: { V: "1", uV: "0.000001", mV: "0.001", kV: "1000" },
  current: { A: "1", uA: "0.000001", mA: "0.001", kA: "1000" },
  charge: { C: "1", Ah: "3600", mAh: "3.6" },
  resistance: { Ohm: "1", kOhm: "1000", MOhm: "1000000" },
  conductivity: { "S/m": "1", "mS/cm": "0.1", "uS/cm": "0.0001" },
  ratio: {
    "/": "1",
    "%": "0.01",
    "/100": "0.01",
    "%RH": "0.01",
    "%EL": "0.01",
    "/1000": "0.001",
    ppm: "0.000001",
    ppb: "0.000000001",
  },
  concentration: {
    "kg/m3": "1",
    "g/m3": "0.001",
    "mg/m3": "0.000001",
    "ug/m3": "0.000000001",
    "g/l": "1",
    "mg/l": "0.001",
    "ug/l": "0.000001",
  },
  time: { s: "1", us: "0.000001", ms: "0.001", min: "60", h: "3600", d: "86400", EL: "1" },
  frequency: { Hz: "1", kHz: "1000", MHz: "1000000", GHz: "1000000000" },
  rate: { "1/s": "1", "1/min": ["1", "60"], "beat/min": ["1", "60"] },
  illuminance: { lx: "1", klx: "1000" },
  acceleration: { "m/s2": "1", gn: "9.80665" },
  data: {
    bit: "1",
    B: "8",
    kB: "8000",
    MB: "8000000",
    GB: "8000000000",
    TB: "8000000000000",
    KiB: "8192",
    MiB: "8388608",
    GiB: "8589934592",
  },
  "data rate": {
    "bit/s": "1",
    "kbit/s": "1000",
    "Mbit/s": "1000000",
    "B/s": "8",
    "kB/s": "8000",
    "MB/s": "8000000",
    "KiB/s": "8192",
  },
};

/** By symbol: SenML's where it has one, else that of the source. */
export const convertibleUnits: Readonly<Record<string, ConvertibleUnit>> = Object.fromEntries([
  ...Object.entries(temperature).map(([symbol, [factor, zero]]) => [
    symbol,
    { quantity: "temperature", factor: fractionOf(factor), zero },
  ]),
  ...Object.entries(quantities).flatMap(([quantity, units]) =>
    Object.entries(units).map(([symbol, factor]) => [
      symbol,
      { quantity, factor: fractionOf(factor), zero: 0 },
    ]),
  ),
]);

function fractionOf(written: Written): readonly [bigint, bigint] {
  if (typeof written === "string") return decimalOf(written);
  const [over, under] = [decimalOf(written[0]), decimalOf(written[1])];
  return [over[0] * under[1], over[1] * under[0]];
}

function decimalOf(text: string): readonly [bigint, bigint] {
  const [whole = "", decimals = ""] = text.split(".");
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)];
}
