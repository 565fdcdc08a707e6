import { type Unit, units } from "../../core/unit.ts";

/** Words and signs that people write for units, in small letters. */
const spellings: Readonly<Record<string, Unit>> = {
  "°c": "Cel",
  celsius: "Cel",
  degc: "Cel",
  "°": "deg",
  "%rh": "%RH",
  percent: "%",
  pct: "%",
  ω: "Ohm",
  ohms: "Ohm",
  mbar: "hPa",
  lux: "lx",
  volt: "V",
  watt: "W",
  ampere: "A",
  hertz: "Hz",
  bpm: "beat/min",
  rpm: "1/min",
  "m3/m3": "/",
};

/**
 * The registered unit that a text means: `ug/m3` for `µg/m³`, whichever of the two signs for micro
 * it has; undefined when it means none for certain.
 */
export function unitMeant(text: string): Unit | undefined {
  const plain = plainUnit(text);
  const spelled = spellings[plain.toLowerCase()];
  if (spelled !== undefined) return spelled;
  return Object.keys(units).find(
    (symbol) => plainUnit(symbol) === plain || plainUnit(units[symbol] ?? "") === plain,
  );
}

/**
 * `µS/cm` as `uS/cm`, `m³` as `m3`, `W⋅m⁻²` as `W/m2`, without white space; small letters stay apart
 * from large ones: mV is not MV.
 */
export function plainUnit(text: string): string {
  // NFKC makes one of the two micro signs, and digits of raised ones.
  const plain = text
    .normalize("NFKC")
    .replaceAll("μ", "u")
    .replaceAll("℃", "°C")
    .replace(/\s/g, "");
  return /[·⋅][^·⋅]*[-−]/.test(plain) ? asQuotient(plain) : plain;
}

/** What has a negative exponent is divided by, and an exponent of one is not written. */
function asQuotient(product: string): string {
  return product
    .split(/[·⋅]/)
    .map((factor, at) => {
      const [base = "", exponent] = factor.split(/[-−]/);
      if (exponent === undefined) return at === 0 ? base : `·${base}`;
      return `${at === 0 ? "1" : ""}/${base}${exponent === "1" ? "" : exponent}`;
    })
    .join("");
}
