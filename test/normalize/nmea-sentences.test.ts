/** Published sentences of compasses, sounders, logs and weather stations, as what they mean. */
import { expect, it } from "vitest";
import { nmea } from "../../src/normalize/codecs/nmea.ts";
import { decode } from "../../src/normalize/decode.ts";
import { receivedMs } from "./given.ts";

it.each([
  ["$GPZDA,201530.00,04,07,2002,00,00*60", { time: "2002-07-04T20:15:30.000Z" }],
  [
    "$GPGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1*39",
    { fix: 3, satellites: 5, pdop: 2.5, hdop: 1.3, vdop: 2.1 },
  ],
  ["$GPHDT,274.07,T*03", { heading: 274.07 }],
  ["$HCHDG,98.3,0.0,E,12.6,W*57", { heading_magnetic: 98.3, deviation: 0, variation: -12.6 }],
  ["$HCHDG,101.1,,,7.1,W*3C", { heading_magnetic: 101.1, deviation: null, variation: -7.1 }],
  ["$HEROT,0.0,A*2B", { valid: true, rate_of_turn: 0 }],
  ["$SDDBT,7.8,f,2.4,M,1.3,F*0D", { depth: 2.4, depth_feet: 7.8 }],
  ["$SDDPT,10,*56", { depth: 10, depth_offset: null }],
  ["$YXMTW,17.9,C*1D", { water_temperature: 17.9, temperature_unit: "C" }],
  [
    "$IIVWR,75,R,1.0,N,0.51,M,1.85,K*6C",
    { wind_angle: 75, wind_speed_knots: 1, wind_speed: 0.51, wind_speed_kmh: 1.85 },
  ],
  ["$IIVWR,024,L,018,N,,,,*5E", { wind_angle: -24, wind_speed_knots: 18, wind_speed: null }],
  [
    "$VWVHW,45.0,T,40.4,M,6.2,N,11.5,K*64",
    { heading: 45, heading_magnetic: 40.4, water_speed: 6.2, water_speed_kmh: 11.5 },
  ],
  [
    "$WIMDA,3.02,I,1.01,B,23.4,C,,,40.2,,12.1,C,19.3,T,20.1,M,13.1,N,1.1,M*62",
    {
      ...{ pressure_inches: 3.02, pressure_bars: 1.01, air_temperature: 23.4, dew_point: 12.1 },
      ...{ water_temperature: null, relative_humidity: 40.2, absolute_humidity: null },
      ...{ wind_direction: 19.3, wind_direction_magnetic: 20.1, wind_speed_knots: 13.1 },
      wind_speed: 1.1,
    },
  ],
])("reads %s", (sentence, meaning) => {
  const decoded = decode(nmea, Buffer.from(sentence), receivedMs);
  expect(decoded).toMatchObject({ ok: true, value: [meaning] });
});
