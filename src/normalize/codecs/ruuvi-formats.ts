/**
 * The data formats of Ruuvi sensors, as they are published: degrees Celsius, percent, pascal, g, volt,
 * dBm, ug/m3, ppm, lux, dB. What a sensor says that it cannot measure is null.
 */
import { bluetoothAddress } from "./advertisement.ts";

export interface RuuviFormat {
  /** In bytes, with the one that names the format. */
  readonly length: number;
  read(data: Uint8Array): Readonly<Record<string, unknown>>;
}

export const ruuviFormats: ReadonlyMap<number, RuuviFormat> = new Map([
  [3, { length: 14, read: readRaw1 }],
  [5, { length: 24, read: readRaw2 }],
  [6, { length: 20, read: readAir }],
  [0xc5, { length: 18, read: readCut }],
  [0xe1, { length: 40, read: readExtended }],
]);

/** Signed and unsigned numbers, the highest byte first; null where all stands for none. */
class Fields {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(data: Uint8Array) {
    this.#bytes = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  byte(at: number): number {
    return this.#view.getUint8(at);
  }

  plain16(at: number): number {
    return this.#view.getUint16(at);
  }

  signed(at: number, steps = 1): number | null {
    const raw = this.#view.getInt16(at);
    return raw === -0x8000 ? null : raw / steps;
  }

  u8(at: number): number | null {
    const raw = this.byte(at);
    return raw === 0xff ? null : raw;
  }

  u16(at: number, steps = 1): number | null {
    const raw = this.plain16(at);
    return raw === 0xffff ? null : raw / steps;
  }

  u24(at: number, steps = 1): number | null {
    const raw = this.plain16(at) * 256 + this.byte(at + 2);
    return raw === 0xffffff ? null : raw / steps;
  }

  /** Nine bits; the lowest stands among the flags. */
  index(at: number, flags: number, bit: number): number | null {
    const raw = this.byte(at) * 2 + ((this.byte(flags) >> bit) & 1);
    return raw === 0x1ff ? null : raw;
  }

  /** In dB; formats without it have all bits of its byte set. */
  sound(at: number, flags: number, bit: number): number | null {
    const level = this.byte(at) === 0xff ? null : this.index(at, flags, bit);
    return level === null ? null : (level + 90) / 5;
  }

  address(at: number, length: number): string | null {
    return bluetoothAddress(this.#bytes.subarray(at, at + length)) ?? null;
  }

  /** What all formats but the oldest begin with. */
  get temperature(): number | null {
    return this.signed(1, 200);
  }

  get humidity(): number | null {
    return this.u16(3, 400);
  }

  get pressure(): number | null {
    const raw = this.u16(5);
    return raw === null ? null : raw + 50_000;
  }

  /** Battery and transmitter share 16 bits. */
  voltage(at: number): number | null {
    const battery = this.plain16(at) >> 5;
    return battery === 2_047 ? null : (battery + 1_600) / 1_000;
  }

  transmitter(at: number): number | null {
    const power = this.plain16(at) & 31;
    return power === 31 ? null : power * 2 - 40;
  }
}

function readRaw1(data: Uint8Array): Readonly<Record<string, unknown>> {
  const fields = new Fields(data);
  const size = (fields.byte(2) & 0x7f) * 100 + fields.byte(3);
  return {
    temperature: (fields.byte(2) > 0x7f && size > 0 ? -size : size) / 100,
    humidity: fields.byte(1) / 2,
    pressure: fields.plain16(4) + 50_000,
    acceleration_x: fields.signed(6, 1_000),
    acceleration_y: fields.signed(8, 1_000),
    acceleration_z: fields.signed(10, 1_000),
    voltage: fields.plain16(12) / 1_000,
  };
}

function readRaw2(data: Uint8Array): Readonly<Record<string, unknown>> {
  const fields = new Fields(data);
  return {
    temperature: fields.temperature,
    humidity: fields.humidity,
    pressure: fields.pressure,
    acceleration_x: fields.signed(7, 1_000),
    acceleration_y: fields.signed(9, 1_000),
    acceleration_z: fields.signed(11, 1_000),
    voltage: fields.voltage(13),
    tx_power: fields.transmitter(13),
    movement_counter: fields.u8(15),
    sequence_number: fields.u16(16),
    mac: fields.address(18, 6),
  };
}

function readCut(data: Uint8Array): Readonly<Record<string, unknown>> {
  const fields = new Fields(data);
  return {
    temperature: fields.temperature,
    humidity: fields.humidity,
    pressure: fields.pressure,
    voltage: fields.voltage(7),
    tx_power: fields.transmitter(7),
    movement_counter: fields.u8(9),
    sequence_number: fields.u16(10),
    mac: fields.address(12, 6),
  };
}

/** It has room for half of the address, and for the end of the number. */
function readAir(data: Uint8Array): Readonly<Record<string, unknown>> {
  const fields = new Fields(data);
  return {
    temperature: fields.temperature,
    humidity: fields.humidity,
    pressure: fields.pressure,
    pm2_5: fields.u16(7, 10),
    co2: fields.u16(9),
    voc_index: fields.index(11, 16, 6),
    nox_index: fields.index(12, 16, 7),
    luminosity: luminosityOf(fields.byte(13)),
    sound_average: fields.sound(14, 16, 4),
    sequence_number: fields.byte(15),
    calibrating: (fields.byte(16) & 1) === 1,
    mac_end: fields.address(17, 3),
  };
}

function readExtended(data: Uint8Array): Readonly<Record<string, unknown>> {
  const fields = new Fields(data);
  return {
    temperature: fields.temperature,
    humidity: fields.humidity,
    pressure: fields.pressure,
    pm1_0: fields.u16(7, 10),
    pm2_5: fields.u16(9, 10),
    pm4_0: fields.u16(11, 10),
    pm10_0: fields.u16(13, 10),
    co2: fields.u16(15),
    voc_index: fields.index(17, 28, 6),
    nox_index: fields.index(18, 28, 7),
    luminosity: fields.u24(19, 100),
    sound_instant: fields.sound(22, 28, 3),
    sound_average: fields.sound(23, 28, 4),
    sound_peak: fields.sound(24, 28, 5),
    sequence_number: fields.u24(25),
    calibrating: (fields.byte(28) & 1) === 1,
    mac: fields.address(34, 6),
  };
}

/** 255 codes for 0 to 65,535 lux, each the same part more than the one before. */
function luminosityOf(code: number): number | null {
  if (code === 0xff) return null;
  const lux = Math.exp((code * Math.log(65_536)) / 254) - 1;
  return Math.round(lux * 100) / 100;
}
