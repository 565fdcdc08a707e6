/** The SenML unit of a value, of the words that a description has for it. */
import { isUnit, type Unit } from "../core/unit.ts";
import { type Conversion, conversionOf } from "../core/unit-conversion.ts";
import { conversionFrom } from "../normalize/values/named-unit.ts";
import { unitMeant } from "../normalize/values/unit-meant.ts";

/** The unit of a kind of quantity, the same whatever the device sends in. */
const unitsOfClasses: Readonly<Record<string, Unit>> = {
  apparent_power: "VA",
  atmospheric_pressure: "hPa",
  battery: "%EL",
  carbon_dioxide: "ppm",
  carbon_monoxide: "ppm",
  current: "A",
  distance: "m",
  duration: "s",
  energy: "kWh",
  energy_storage: "kWh",
  frequency: "Hz",
  gas: "m3",
  humidity: "%RH",
  illuminance: "lx",
  irradiance: "W/m2",
  moisture: "%",
  pm1: "ug/m3",
  pm10: "ug/m3",
  pm25: "ug/m3",
  pm4: "ug/m3",
  power: "W",
  precipitation: "mm",
  precipitation_intensity: "mm/h",
  pressure: "hPa",
  reactive_energy: "kvarh",
  reactive_power: "var",
  speed: "m/s",
  temperature: "Cel",
  temperature_delta: "K",
  volume: "m3",
  volume_storage: "m3",
  voltage: "V",
  water: "m3",
  weight: "kg",
  wind_speed: "m/s",
};

/** For a value of no known kind, in this order: the first that its unit can be converted to. */
const unitsOfQuantities: readonly Unit[] = [
  ...["Cel", "hPa", "m/s", "mm/h", "m", "m3", "m3/s", "kg", "kWh", "W", "VA", "var", "kvarh"],
  ...["V", "A", "Ah", "Ohm", "S/m", "kg/m3", "s", "Hz", "lx", "m/s2", "m2", "B", "B/s", "ppm"],
];

export interface MeantUnit {
  readonly unit?: Unit;
  readonly conversion?: Conversion;
  /** The word, where it names no unit that is known. */
  readonly unknown?: string;
}

/** `kind` is the device class in the words of Home Assistant. */
export function meantUnit(word: string, kind: string | undefined): MeantUnit {
  if (word.trim() === "") return {};
  const ofKind =
    kind !== undefined && Object.hasOwn(unitsOfClasses, kind) ? unitsOfClasses[kind] : undefined;
  if (ofKind !== undefined) {
    const conversion = conversionFrom(word, ofKind);
    if (conversion !== undefined) return converted(ofKind, conversion);
  }
  const itself = unitMeant(word);
  if (itself !== undefined && isUnit(itself)) return { unit: itself };
  for (const unit of unitsOfQuantities) {
    const conversion = conversionFrom(word, unit);
    if (conversion !== undefined) return converted(unit, conversion);
  }
  return { unknown: word.trim().slice(0, 32) };
}

function converted(unit: Unit, conversion: Conversion): MeantUnit {
  const isSame = conversion.multiply === conversion.divide && conversion.add === 0;
  return isSame ? { unit } : { unit, conversion };
}

/** What degrees of `temperature_unit` become; Celsius unless it says otherwise. */
export function temperatureIn(word: string | undefined): MeantUnit {
  const conversion = word?.trim().toUpperCase() === "F" ? conversionOf("degF", "Cel") : undefined;
  return conversion === undefined ? { unit: "Cel" } : { unit: "Cel", conversion };
}
