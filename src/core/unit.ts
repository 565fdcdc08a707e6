/**
 * Units are SenML's registered symbols (RFC 8428 §12.1, RFC 8798), never labels for people:
 * `Cel`, not `°C`.
 */

/** Every unit that a profile may name, with the sign that people read. */
export const units: Readonly<Record<string, string>> = {
  // RFC 8428, primary units
  m: "m",
  kg: "kg",
  g: "g",
  s: "s",
  A: "A",
  K: "K",
  cd: "cd",
  mol: "mol",
  Hz: "Hz",
  rad: "rad",
  sr: "sr",
  N: "N",
  Pa: "Pa",
  J: "J",
  W: "W",
  C: "C",
  V: "V",
  F: "F",
  Ohm: "Ω",
  S: "S",
  Wb: "Wb",
  T: "T",
  H: "H",
  Cel: "°C",
  lm: "lm",
  lx: "lx",
  Bq: "Bq",
  Gy: "Gy",
  Sv: "Sv",
  kat: "kat",
  m2: "m²",
  m3: "m³",
  l: "l",
  "m/s": "m/s",
  "m/s2": "m/s²",
  "m3/s": "m³/s",
  "l/s": "l/s",
  "W/m2": "W/m²",
  "cd/m2": "cd/m²",
  bit: "bit",
  "bit/s": "bit/s",
  lat: "°",
  lon: "°",
  pH: "pH",
  dB: "dB",
  dBW: "dBW",
  Bspl: "B",
  count: "",
  "/": "",
  "%": "%",
  "%RH": "%",
  "%EL": "%",
  EL: "s",
  "1/s": "/s",
  "1/min": "/min",
  "beat/min": "bpm",
  beats: "",
  "S/m": "S/m",
  B: "B",
  VA: "VA",
  VAs: "VAs",
  var: "var",
  vars: "vars",
  "J/m": "J/m",
  "kg/m3": "kg/m³",
  deg: "°",
  NTU: "NTU",
  // RFC 8798, secondary units
  ms: "ms",
  min: "min",
  h: "h",
  MHz: "MHz",
  kW: "kW",
  kVA: "kVA",
  kvar: "kvar",
  Ah: "Ah",
  Wh: "Wh",
  kWh: "kWh",
  varh: "varh",
  kvarh: "kvarh",
  kVAh: "kVAh",
  "Wh/km": "Wh/km",
  KiB: "KiB",
  GB: "GB",
  "Mbit/s": "Mbit/s",
  "B/s": "B/s",
  "MB/s": "MB/s",
  mV: "mV",
  mA: "mA",
  dBm: "dBm",
  "ug/m3": "µg/m³",
  "mm/h": "mm/h",
  "m/h": "m/h",
  ppm: "ppm",
  "/100": "%",
  "/1000": "‰",
  hPa: "hPa",
  mm: "mm",
  cm: "cm",
  km: "km",
  "km/h": "km/h",
  "ug/l": "µg/l",
};

/** A registered SenML unit symbol. */
export type Unit = string;

export function isUnit(text: string): boolean {
  return Object.hasOwn(units, text);
}

/** The sign people read: `°C` for `Cel`, and `°C/min` for the rate `Cel/min`. */
export function signOf(unit: Unit): string {
  const sign = units[unit];
  if (sign !== undefined) return sign;
  const at = unit.lastIndexOf("/");
  return at > 0 ? (units[unit.slice(0, at)] ?? unit.slice(0, at)) + unit.slice(at) : unit;
}

/** A value with the sign people read: `-11.4 °C`. */
export function formatQuantity(value: number | boolean | string, unit: Unit | undefined): string {
  const sign = unit === undefined ? "" : signOf(unit);
  const text = typeof value === "number" ? String(Math.round(value * 1e6) / 1e6) : String(value);
  return sign === "" ? text : `${text} ${sign}`;
}
