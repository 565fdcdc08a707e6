/** What the name of a value says about its unit. A guess, for a person to look at. */
import type { Unit } from "../../core/unit.ts";

/** A unit, and the one that the device seems to send in, where that is another. */
export interface GuessedUnit {
  readonly unit: Unit;
  readonly from?: Unit;
}

type Guess = readonly [names: RegExp, unit: Unit, from?: Unit];

/** The first that fits. Names are in small letters with `_` between words. */
const byName: readonly Guess[] = [
  [/(^|_)(temp|temperature|tmp)_?f(ahrenheit)?$|fahrenheit/, "Cel", "degF"],
  [/(^|_)(temp|temperature|tmp|dew_?point|tc)([0-9_c]|celsius)*$|_c$|celsius/, "Cel"],
  [/(^|_)(hum|humidity|rh)([0-9_]|$)/, "%RH"],
  [/moisture/, "%"],
  [/(^|_)(bat|batt|battery)_?(v|volt|voltage)$|(^|_)vbat/, "V"],
  [/(^|_)(bat|batt|battery)(_?(level|pct|percent(age)?|soc))?$/, "%EL"],
  [/(^|_)(press|pressure|baro|barometer)/, "hPa"],
  [/rssi|signal_strength/, "dBm"],
  [/(^|_)snr$/, "dB"],
  [/(^|_)co2/, "ppm"],
  [/(^|_)t?voc/, "ppb"],
  [/(^|_)pm_?(1|2_?5|4|10)(_|$)/, "ug/m3"],
  [/illuminance|(^|_)lux|(^|_)light_?level/, "lx"],
  [/apparent_?power/, "VA"],
  [/reactive_?power/, "var"],
  [/power_?factor|(^|_)pf$/, "/"],
  [/(^|_)power|(^|_)watts?$/, "W"],
  [/energy|(^|_)kwh$/, "kWh"],
  [/voltage|(^|_)volts?$/, "V"],
  [/(^|_)current|(^|_)amps?$/, "A"],
  [/frequency|(^|_)hz$/, "Hz"],
  [/(^|_)lat(itude)?$/, "lat"],
  [/(^|_)(lon|lng|longitude)$/, "lon"],
  [/(^|_)altitude|(^|_)elevation/, "m"],
  [/wind_?(speed|gust)/, "m/s"],
  [/rain/, "mm"],
];

/** What the size of the value says against the name. */
const bySize: readonly (readonly [unit: Unit, isOther: (size: number) => boolean, from: Unit])[] = [
  ["hPa", (size) => size >= 20_000, "Pa"],
  ["hPa", (size) => size >= 80 && size < 115, "kPa"],
  ["V", (size) => size >= 1_000, "mV"],
];

/** Undefined where the name says nothing. */
export function guessUnit(name: string, values: readonly number[]): GuessedUnit | undefined {
  const guess = byName.find(([names]) => names.test(name));
  if (guess === undefined) return undefined;
  const [, unit, from] = guess;
  if (from !== undefined) return { unit, from };
  const size = Math.max(...values.map(Math.abs));
  const other = bySize.find(([of, isOther]) => of === unit && isOther(size));
  return other === undefined ? { unit } : { unit, from: other[2] };
}
