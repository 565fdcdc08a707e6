/** Advertisements of BTHome 2, by what its reference reader is tested with. */
import { describe, expect, it, test } from "vitest";
import { bthome } from "../../src/normalize/codecs/bthome.ts";
import { decode } from "../../src/normalize/decode.ts";

const read = (hex: string) => decode(bthome, Buffer.from(hex.replaceAll(" ", ""), "hex"), 0);

describe("an object", () => {
  it.each([
    ["02ca0903bf13", { temperature: 25.06, humidity: 50.55 }],
    ["04138a01", { pressure: 1_008.83 }],
    ["05138a14", { illuminance: 13_460.67 }],
    ["065e1f", { mass: 80.3 }],
    ["073e1d", { mass: 33.955925 }],
    ["08ca06", { dew_point: 17.38 }],
    ["0960", { count: 96 }],
    ["0a138a14", { energy: 1_346.067 }],
    ["0b021b00", { power: 69.14 }],
    ["0c020c", { voltage: 3.074 }],
    ["0d120c0e021c", { pm25: 3_090, pm10: 7_170 }],
    ["0f01", { generic: true }],
    ["1001", { powered: true }],
    ["1100", { opening: false }],
    ["12e204", { carbon_dioxide: 1_250 }],
    ["133301", { volatile_organic_compounds: 307 }],
    ["14020c", { moisture: 30.74 }],
    ["1501", { battery_low: true }],
    ["1a01", { door: true }],
    ["2001", { moisture_detected: true }],
    ["2101", { motion: true }],
    ["2d01", { window: true }],
    ["2e23", { humidity: 35 }],
    ["2f23", { moisture: 35 }],
    ["3d0960", { count: 24_585 }],
    ["3e2a2c0960", { count: 1_611_213_866 }],
    ["3f020c", { rotation: 307.4 }],
    ["400c00", { distance: 0.012 }],
    ["414e00", { distance: 7.8 }],
    ["424e3400", { duration: 13.39 }],
    ["434e34", { current: 13.39 }],
    ["444e34", { speed: 133.9 }],
    ["451101", { temperature: 27.3 }],
    ["4632", { uv_index: 5 }],
    ["478756", { volume: 2_215.1 }],
    ["48dc87", { volume: 34.78 }],
    ["49dc87", { volume_flow_rate: 34.78 }],
    ["4a020c", { voltage: 307.4 }],
    ["4b138a14", { gas: 1_346.067 }],
    ["4c41018a01", { gas: 25_821.505 }],
    ["4d12138a14", { energy: 344_593.17 }],
    ["4e87562a01", { volume: 19_551.879 }],
    ["4f87562a01", { water: 19_551.879 }],
    ["505d396164", { timestamp: 1_684_093_277 }],
    ["518756", { acceleration: 22.151 }],
    ["528756", { gyroscope: 22.151 }],
    ["530c48656c6c6f20576f726c6421", { text: "Hello World!" }],
    ["540c48656c6c6f20576f726c6421", { raw: "48656c6c6f20576f726c6421" }],
    ["5587562a01", { volume_storage: 19_551.879 }],
    ["56e803", { conductivity: 1_000 }],
    ["57ea", { temperature: -22 }],
    ["58ea", { temperature: -7.7 }],
    ["59ea", { count: -22 }],
    ["5aeaea", { count: -5_398 }],
    ["5bea0234ea", { count: -365_690_134 }],
    ["5c02fbffff", { power: -12.78 }],
    ["5d02ea", { current: -5.63 }],
    ["5e3f755f11d5", { direction: 300.15, precipitation: 5_454.5 }],
    ["6001", { channel: 1 }],
    ["61ac0d", { rotational_speed: 3_500 }],
    ["624099dfff", { speed: -2.123456 }],
    ["630057d0ff", { acceleration: -3.123456 }],
    ["6402", { light_level: 2 }],
    ["f00100", { device_type: 1 }],
    ["f100010204", { firmware: "4.2.1.0" }],
    ["f2000106", { firmware: "6.1.0" }],
  ])("%s is %j", (hex, value) => {
    expect(read(`40${hex}`)).toEqual({ ok: true, value: { ...value, on_event: false } });
  });
});

describe("events", () => {
  it.each([
    ["440052 0164 3a01", { packet_id: 82, battery: 100, button: "press", on_event: true }],
    ["3a04", { button: "long_press" }],
    ["3a80", { button: "hold_press" }],
    ["3a00", { button: null }],
    ["3afe", { button: "hold_press" }],
    ["3afd", { button: "event_253" }],
    ["3a003a013a03", { button_1: null, button_2: "press", button_3: "triple_press" }],
    ["3c0103", { dimmer: "rotate_left", dimmer_steps: 3 }],
    ["3c0000", { dimmer: null, dimmer_steps: null }],
  ])("%s", (hex, value) => {
    expect(read(hex.startsWith("44") ? hex : `40${hex}`)).toMatchObject({ ok: true, value });
  });
});

test("several of one kind have numbers, also those of different objects", () => {
  expect(read("40 02ca09 02cf09 02cf08 03b718 03b717 015d")).toMatchObject({
    value: {
      temperature_1: 25.06,
      temperature_2: 25.11,
      temperature_3: 22.55,
      humidity_1: 63.27,
      humidity_2: 60.71,
      battery: 93,
    },
  });
  expect(read("40 0001 0b000000 4a0d09 0133 0ce90c")).toMatchObject({
    value: { power: 0, voltage_1: 231.7, voltage_2: 3.305, battery: 51 },
  });
});

test("it is read by itself, behind the service's number and in a whole advertisement alike", () => {
  const right = { value: { temperature: 25.06, humidity: 50.55 } };
  for (const hex of [
    "40",
    "d2fc40",
    "fcd240",
    "16d2fc40",
    "020106 0a16d2fc40",
    "020106 03ffa90b 0a16d2fc40",
  ])
    expect(read(`${hex}02ca0903bf13`)).toMatchObject(right);
});

test("one that says its address has it", () => {
  expect(read("42 b2188d38c1a4 04138a01")).toMatchObject({
    value: { pressure: 1_008.83, mac: "A4:C1:38:8D:18:B2" },
  });
});

describe("what is behind an object that cannot be read is told, and what is in front kept", () => {
  it.each([
    ["40 015d fe5d09 03b718", "object 254 is not known, nor are the 6 bytes from it on"],
    ["40 02ca09 03bf", "humidity has 1 bytes of 2"],
    ["40 02ca09 530c48", "text has 1 bytes of 12"],
    ["40 02ca09 53", "text has 0 bytes of 0"],
    ["40 530187 02ca09", "a text is not UTF-8"],
  ])("%s", (hex, misfit) => {
    expect(read(hex)).toMatchObject({ ok: true, misfits: [misfit] });
  });
});

describe("what is no reading is told", () => {
  it.each([
    ["", "no advertisement of BTHome"],
    ["00", "no advertisement of BTHome"],
    ["e102000c0404138a01", "no advertisement of BTHome"],
    ["d2fc", "no advertisement of BTHome"],
    ["d2fce10200", "BTHome of version 7 is not read"],
    ["40", "says nothing"],
    ["40feca09", "object 254 is not known"],
    ["41a47266c95f730011223378237214", "is encrypted"],
    ["43a5808fe64854f196c06ffb4900112233f08ecbde", "is encrypted"],
    ["020106 06ff4c00021500", "no advertisement of BTHome"],
    ["020106 08161c1823020000ca", "BTHome of version 1 is not read"],
    ["020106 08161e1823020000ca", "BTHome of version 1 is not read"],
  ])("%s", (hex, reason) => {
    expect(read(hex)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });
});
