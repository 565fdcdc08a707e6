/** Cayenne LPP, by the cases of its libraries and of The Things Stack. */
import { describe, expect, it, test } from "vitest";
import { cayenneLpp } from "../../src/normalize/codecs/cayenne-lpp.ts";
import { decode } from "../../src/normalize/decode.ts";

const read = (hex: string) => decode(cayenneLpp, Buffer.from(hex.replaceAll(" ", ""), "hex"), 0);

test("all that The Things Stack reads has the names that it gives", () => {
  const hex =
    "0100ff 020164 0302154a 0403eab6 056501f4 066632 0767ff64 086863 0971fe58000f0682 " +
    "0a7329ef 0b8601630231fe66 0c8807fd8700bef500086a";
  expect(read(hex)).toEqual({
    ok: true,
    value: {
      digital_in_1: 255,
      digital_out_2: 100,
      analog_in_3: 54.5,
      analog_out_4: -54.5,
      luminosity_5: 500,
      presence_6: 50,
      temperature_7: -15.6,
      relative_humidity_8: 49.5,
      accelerometer_9: { x: -0.424, y: 0.015, z: 1.666 },
      barometric_pressure_10: 1_073.5,
      gyrometer_11: { x: 3.55, y: 5.61, z: -4.1 },
      gps_12: { latitude: 52.3655, longitude: 4.8885, altitude: 21.54 },
    },
  });
});

describe("a type that libraries have added", () => {
  it.each([
    ["0164000003e6", { generic_1: 998 }],
    ["037457b8", { voltage_3: 224.56 }],
    ["017500ed", { current_1: 0.237 }],
    ["017633be27a0", { frequency_1: 868_100_000 }],
    ["027863", { percentage_2: 99 }],
    ["0579ffef", { altitude_5: -17 }],
    ["057d0fef", { concentration_5: 4_079 }],
    ["05800d7a", { power_5: 3_450 }],
    ["018200000022", { distance_1: 0.034 }],
    ["018300795b30", { energy_1: 7_953.2 }],
    ["0183ffffffff", { energy_1: 4_294_967.295 }],
    ["01840100", { direction_1: 256 }],
    ["0085 6921c0e2", { unix_time_0: 1_763_819_746 }],
    ["07870fef18", { colour_7: { r: 15, g: 239, b: 24 } }],
    [
      "0188 06765f f2960a 0003e8",
      { gps_1: { latitude: 42.3519, longitude: -87.9094, altitude: 10 } },
    ],
    ["058e01", { switch_5: 1 }],
    ["0270 0227 0368 65", { relative_humidity_2: 55.1, relative_humidity_3: 50.5 }],
    ["31be 01c7 32bf 0087", { wind_speed_49: 4.55, wind_direction_50: 135 }],
    [
      "37bc 0159 38c0 01f4 39c1 0289",
      { soil_moisture_55: 34.5, soil_conductivity_56: 0.5, soil_ph_57: 6.49 },
    ],
    [
      "0a89 026b2b18 fff42ab0 0003e8",
      { gps_10: { latitude: 40.577816, longitude: -0.775504, altitude: 10 } },
    ],
    ["10 8a 0064 3bc3 0320", { voc_index_16: 100, irradiance_59: 800 }],
    [
      "01f0 0a e3 076a70 01c14b 1f f2",
      {
        polyline_1: [
          [48.6, 11.5019],
          [48.5999, 11.502],
          [48.6001, 11.5019],
        ],
      },
    ],
  ])("%s", (hex, value) => {
    expect(read(hex)).toEqual({ ok: true, value });
  });
});

test("channels tell values of one type apart, and one that comes twice has none", () => {
  expect(read("03670110 056700ff")).toEqual({
    ok: true,
    value: { temperature_3: 27.2, temperature_5: 25.5 },
  });
  expect(read("03670110 016801 036700ff")).toEqual({
    ok: true,
    value: { temperature_3: null, relative_humidity_1: 0.5 },
    misfits: ["temperature_3 stands more than once"],
  });
});

describe("what is behind a value that cannot be read is told, and what is in front kept", () => {
  it.each([
    ["03670110 0324 0110", "type 36 is not known, at byte 4; what is behind cannot be read"],
    ["03670110 0567ff", "temperature of channel 5 has 1 bytes of 2"],
    ["03670110 05", "a channel without a type, at byte 4; what is behind cannot be read"],
    ["03670110 01f0", "polyline of channel 1 has 0 bytes of 1"],
  ])("%s", (hex, misfit) => {
    expect(read(hex)).toEqual({ ok: true, value: { temperature_3: 27.2 }, misfits: [misfit] });
  });
});

test("nothing at all is a reason", () => {
  expect(read("")).toEqual({ ok: false, reason: "payload is empty" });
  expect(read("03240110")).toMatchObject({ ok: false, reason: expect.stringContaining("type 36") });
});
