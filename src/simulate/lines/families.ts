/** The families of devices at lines that speak by themselves: one line each. */
import { d0Meter } from "./d0-meter.ts";
import { dsmrMeter } from "./dsmr-meter.ts";
import type { LineFamily } from "./line-family.ts";
import { nmeaGps } from "./nmea-gps.ts";
import { nmeaWind } from "./nmea-wind.ts";
import { pms5003 } from "./pms5003.ts";
import { sds011 } from "./sds011.ts";
import { sicsScale } from "./sics-scale.ts";
import { smlMeter } from "./sml-meter.ts";
import { veDirectCharger } from "./ve-direct-charger.ts";

export const talkers: readonly LineFamily[] = [
  nmeaGps,
  nmeaWind,
  dsmrMeter,
  smlMeter,
  d0Meter,
  veDirectCharger,
  pms5003,
  sds011,
  sicsScale,
];
