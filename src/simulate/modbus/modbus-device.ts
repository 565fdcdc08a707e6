/** A simulated Modbus device as data, and as a family of devices at lines. */
import type { Values } from "../behavior.ts";
import type { LineFamily, LineSettings } from "../lines/line-family.ts";
import type { Point } from "./point.ts";
import { type EmptyRange, RegisterBank } from "./register-bank.ts";
import { RtuRequests } from "./rtu-requests.ts";
import { type RequestReader, slavesAt } from "./slave.ts";
import { TcpRequests } from "./tcp-requests.ts";

export interface ModbusDevice {
  readonly name: string;
  readonly about: string;
  readonly settings: LineSettings;
  /** The profile that reads it. */
  readonly profile: string;
  readonly points: readonly Point[];
  readonly empty?: readonly EmptyRange[];
  /** The address on the line that it has when it is delivered. */
  readonly unit: number;
  /** The metric that tells the number of the reading. */
  readonly counter: { readonly metric: string; numberOf(value: number): number };
}

/** How often it measures anew. */
const measureMs = 1_000;

export function modbusFamily(device: ModbusDevice): LineFamily {
  const { about, counter, empty, name, points, profile, settings, unit } = device;
  const openWith =
    (reader: () => RequestReader): LineFamily["open"] =>
    (port, surroundings) => {
      const bank = new RegisterBank(points, empty);
      return slavesAt(port, new Map([[unit, bank]]), reader(), surroundings);
    };
  return {
    ...{ name, about, settings, everyMs: measureMs, isAsked: true },
    open: openWith(() => new RtuRequests()),
    openAtTcp: openWith(() => new TcpRequests()),
    told: { profile, counter, values: (number) => valuesOf(points, number) },
  };
}

/** What is stored of a reading. */
function valuesOf(points: readonly Point[], number: number): Values {
  const told = points.flatMap(({ metric, value }): [string, number | boolean][] => {
    const now = value(number);
    return metric === undefined || typeof now === "string" ? [] : [[metric, now]];
  });
  return Object.fromEntries(told);
}
