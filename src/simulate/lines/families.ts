/** The families of devices at lines that speak by themselves: one line each. */
import type { LineFamily } from "./line-family.ts";
import { nmeaGps } from "./nmea-gps.ts";

export const talkers: readonly LineFamily[] = [nmeaGps];
