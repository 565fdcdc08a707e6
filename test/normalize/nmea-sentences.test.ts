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
  ["$IIDBT,432.8,f,,M,,F*1C", { depth: 131.917 }],
  ["$IIDBS,035.53,f,010.83,M,005.85,F*24", { depth_below_surface: 10.83 }],
  ["$IIDBK,035.53,f,010.83,M,005.85,F*3C", { depth_below_keel: 10.83 }],
  ["$IIVLW,115.2,N,12.3,N*7A", { distance_water: 115.2, distance_water_trip: 12.3 }],
  ["$IIVPW,4.5,N,6.7,M*52", { speed_upwind: 4.5, speed_upwind_ms: 6.7 }],
  ["$IIRPM,S,2,1800.0,0.0,A*7A", { turning: "shaft", number: 2, rotational_speed: 1800 }],
  ["$IIRPM,,,,,*63", { valid: false, rotational_speed: null }],
  ["$RIRSA,10.0,V*12", {}],
  ["$SDDPT,10,*56", { depth: 10, depth_offset: null }],
  ["$YXMTW,17.9,C*1D", { water_temperature: 17.9, temperature_unit: "C" }],
  ["$IIVWR,75,R,1.0,N,0.51,M,1.85,K*6C", { wind_angle: 75, wind_speed: 0.51, wind_unit: "M" }],
  ["$IIVWR,024,L,018,N,,,,*5E", { wind_angle: -24, wind_speed: 18, wind_unit: "N" }],
  ["$IIVWR,75,x,1.0,N,0.51,M,1.85,K*46", { wind_angle: "75 x", wind_speed: 0.51 }],
  ["$IIVWR,,,,,,,,*53", { wind_angle: null, wind_speed: null, wind_unit: null }],
  [
    "$IIVWT,170.,L,10.1,N,05.2,M,018.7,K*6E",
    { wind_angle: -170, wind_reference: "T", wind_speed: 5.2, wind_unit: "M" },
  ],
  ["$IIMWD,046.,M,,,,,,*0F", { wind_direction: null, wind_direction_magnetic: 46 }],
  ["$IIMWD,046.,T,0.,m,10.1,N,,*35", { wind_direction: 46, wind_speed: 10.1, wind_unit: "N" }],
  [
    "$VWVHW,45.0,T,40.4,M,6.2,N,11.5,K*64",
    { heading: 45, heading_magnetic: 40.4, water_speed: 6.2, water_speed_kmh: 11.5 },
  ],
  [
    "$WIMDA,3.02,I,1.01,B,23.4,C,,,40.2,,12.1,C,19.3,T,20.1,M,13.1,N,1.1,M*62",
    {
      ...{ pressure: 1.01, pressure_unit: "B", air_temperature: 23.4, dew_point: 12.1 },
      ...{ water_temperature: null, relative_humidity: 40.2, absolute_humidity: null },
      ...{ wind_direction: 19.3, wind_direction_magnetic: 20.1, temperature_unit: "C" },
      ...{ wind_speed: 1.1, wind_unit: "M" },
    },
  ],
  ["$WIMDA,29.92,I,,B,,,,,,,,,,T,,M,10.0,N,,M*76", { pressure: 29.92, pressure_unit: "I" }],
  ["$IIMTA,26.,F*34", { air_temperature: 26, temperature_unit: "F" }],
  [
    "$WIXDR,C,007,C,,U,4.1,V,,C,8,C,*77",
    {
      transducers: {
        C0: { type: "C", value: 7, unit: "C" },
        U0: { type: "U", value: 4.1, unit: "V" },
        C1: { type: "C", value: 8, unit: "C" },
      },
    },
  ],
  [
    "$IIXDR,A,4,D,ROLL,A,-2,D,PTCH,A*1A",
    { transducers: { ROLL: { value: 4 }, PTCH: { value: -2 } } },
  ],
  [
    "$GNGNS,014035.00,4332.69262,S,17235.48549,E,RR,13,0.9,25.63,11.24,,*70",
    {
      valid: true,
      latitude: -43.544877,
      longitude: 172.59142483,
      altitude: 25.63,
    },
  ],
  ["$GNGNS,181604.00,,,,,NN,00,99.99,,,,*59", { valid: false, latitude: null }],
  ["$INTHS,304.5,A*25", { valid: true, heading: 304.5 }],
  ["$INTHS,,V*1E", { valid: false, heading: null }],
  ["$GPGGA,123519,4807.038,N,01131.000,E,8,08,0.9,545.4,M,46.9,M,,*4E", { simulated: true }],
  [
    "$GNGGA,034225.077,3356.4650,S,15124.5567,E,12,03,9.7,-25.0,M,21.0,M,,0000*7D",
    { valid: false },
  ],
  // Half a place is none, and minutes have no sixty-first.
  ["$GPGLL,4807.038,N,,,123519,A*4C", { valid: true, latitude: null, longitude: null }],
  ["$GPGLL,4875.038,N,01131.000,E,123519,A*20", { latitude: "4875.038 N", longitude: null }],
])("reads %s", (sentence, meaning) => {
  const decoded = decode(nmea, Buffer.from(sentence), receivedMs);
  expect(decoded).toMatchObject({ ok: true, value: [meaning] });
});

it("reads nothing into a sentence of a maker that has the name of a common one", () => {
  const sentence = "$PRMC,123519.00,A,4807.038,N,01131.000,E,,,230394,,,A*19";
  const decoded = decode(nmea, Buffer.from(sentence), receivedMs);
  expect(decoded).toMatchObject({ ok: true, value: [{ talker: "P", sentence: "RMC" }] });
  expect(JSON.stringify(decoded)).not.toContain("latitude");
});
