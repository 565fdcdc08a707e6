/** Data formats of Ruuvi sensors, by the test vectors that are published with them. */
import { describe, expect, it, test } from "vitest";
import { ruuvi } from "../../src/normalize/codecs/ruuvi.ts";
import { decode } from "../../src/normalize/decode.ts";

const read = (hex: string) => decode(ruuvi, Buffer.from(hex.replaceAll(" ", ""), "hex"), 0);

const nothing = { temperature: null, humidity: null, pressure: null };

describe("a published vector", () => {
  it.each([
    [
      "3: valid",
      "03291A1ECE1EFC18F94202CA0B53",
      {
        format: 3,
        temperature: 26.3,
        pressure: 102_766,
        humidity: 20.5,
        acceleration_x: -1,
        acceleration_y: -1.726,
        acceleration_z: 0.714,
        voltage: 2.899,
      },
    ],
    [
      "3: maximum",
      "03FF7F63FFFF7FFF7FFF7FFFFFFF",
      {
        temperature: 127.99,
        pressure: 115_535,
        humidity: 127.5,
        acceleration_x: 32.767,
        voltage: 65.535,
      },
    ],
    [
      "3: minimum",
      "0300FF6300008001800180010000",
      { temperature: -127.99, pressure: 50_000, humidity: 0, acceleration_z: -32.767, voltage: 0 },
    ],
    [
      "5: maximum",
      "057FFFFFFEFFFE7FFF7FFF7FFFFFDEFEFFFECBB8334C884F",
      {
        temperature: 163.835,
        humidity: 163.835,
        pressure: 115_534,
        acceleration_y: 32.767,
        tx_power: 20,
        voltage: 3.646,
        movement_counter: 254,
        sequence_number: 65_534,
      },
    ],
    [
      "5: minimum",
      "058001000000008001800180010000000000CBB8334C884F",
      {
        temperature: -163.835,
        humidity: 0,
        pressure: 50_000,
        tx_power: -40,
        voltage: 1.6,
        sequence_number: 0,
      },
    ],
    [
      "5: invalid",
      "058000FFFFFFFF800080008000FFFFFFFFFFFFFFFFFFFFFF",
      {
        ...nothing,
        acceleration_x: null,
        tx_power: null,
        voltage: null,
        movement_counter: null,
        sequence_number: null,
        mac: null,
      },
    ],
    [
      "6: valid",
      "06170C5668C79E007000C90501D9FFCD004C884F",
      {
        format: 6,
        temperature: 29.5,
        humidity: 55.3,
        pressure: 101_102,
        pm2_5: 11.2,
        co2: 201,
        voc_index: 10,
        nox_index: 2,
        luminosity: 13_026.67,
        sequence_number: 205,
        calibrating: false,
        mac_end: "4C:88:4F",
      },
    ],
    [
      "6: maximum",
      "067FFF9C40FFFE27109C40FAFAFEFFFF074C8F4F",
      {
        humidity: 100,
        pm2_5: 1_000,
        co2: 40_000,
        voc_index: 500,
        nox_index: 500,
        luminosity: 65_535,
        calibrating: true,
      },
    ],
    [
      "6: invalid",
      "068000FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
      {
        ...nothing,
        pm2_5: null,
        co2: null,
        voc_index: null,
        nox_index: null,
        luminosity: null,
        mac_end: null,
      },
    ],
    [
      "C5: valid",
      "C512FC5394C37CAC364200CDCBB8334C884F",
      {
        temperature: 24.3,
        humidity: 53.49,
        pressure: 100_044,
        tx_power: 4,
        voltage: 2.977,
        sequence_number: 205,
      },
    ],
    [
      "E1: valid",
      "E1170C5668C79E0065007004BD11CA00C90A0213E0ACFFFFFFDECDEE01FFFFFFFFFFCBB8334C884F",
      {
        format: 0xe1,
        temperature: 29.5,
        humidity: 55.3,
        pressure: 101_102,
        pm1_0: 10.1,
        pm2_5: 11.2,
        pm4_0: 121.3,
        pm10_0: 455.4,
        co2: 201,
        voc_index: 20,
        nox_index: 4,
        luminosity: 13_027,
        sequence_number: 14_601_710,
        calibrating: true,
        mac: "CB:B8:33:4C:88:4F",
      },
    ],
    [
      "6 of a sensor that hears",
      "06146457F8C79D001D03263A01146B05D04EB272",
      { temperature: 26.1, co2: 806, voc_index: 117, nox_index: 3, sound_average: 61 },
    ],
    ["6 of one that does not", "06170C5668C79E007000C90501D9FFCD004C884F", { sound_average: null }],
    [
      "E1 of a sensor that hears",
      "E1161E526CC68B006E007200730074037610010C1D901E5CB6121314F8FFFFFFFFFFE375CF374E23",
      {
        voc_index: 33,
        luminosity: 7_940,
        sound_instant: 30.2,
        sound_average: 55,
        sound_peak: 91,
        sequence_number: 1_184_532,
      },
    ],
    [
      "E1: invalid",
      "E18000FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFFFFFFFFFFFFFFFF",
      {
        ...nothing,
        pm10_0: null,
        co2: null,
        voc_index: null,
        luminosity: null,
        sequence_number: null,
        mac: null,
      },
    ],
  ])("of data format %s", (_, hex, value) => {
    expect(read(hex)).toMatchObject({ ok: true, value });
  });
});

test("a tag is read by itself, behind the maker's number and in a whole advertisement alike", () => {
  const { payload, value } = ruuvi.example;
  for (const hex of [
    payload,
    `9904${payload}`,
    `0499${payload}`,
    `ff9904${payload}`,
    `02 01 06 1b ff 9904 ${payload}`,
  ])
    expect(read(hex)).toEqual({ ok: true, value });
});

test("an advertisement of another maker says whose it is, even one that begins like a data format", () => {
  const beacon = "02 01 06 1a ff 4c00 0215aabbccddeeff00112233445566778899aabbccdd00";
  expect(read(beacon)).toEqual({ ok: true, value: { company: 0x004c } });
  const tile = "03 03 edfe 05 ff 4c00 1005";
  expect(read(tile)).toEqual({ ok: true, value: { company: 0x004c } });
});

describe("what is no reading is told", () => {
  it.each([
    ["", "no advertisement of a Ruuvi sensor"],
    ["0512FC", "no advertisement of a Ruuvi sensor"],
    ["9904", "no advertisement of a Ruuvi sensor"],
    ["99040801", "data format 08 of Ruuvi is not known"],
    ["99040512FC5394C37C", "payload has 7 bytes of the 24 of its data format"],
    ["02 01 06 1b ff 9904 0512", "no advertisement of a Ruuvi sensor"],
  ])("%s", (hex, reason) => {
    expect(read(hex)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});
