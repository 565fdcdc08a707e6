/** Thirty meters on a Modbus bus, asked by the real source; what they say goes nowhere. */
import { systemClock } from "../../src/app/system-clock.ts";
import { noAudit } from "../../src/core/audit.ts";
import { toGatewayId, toSeq, toSiteId } from "../../src/core/ids.ts";
import type { Source } from "../../src/core/message.ts";
import { registersOptions } from "../../src/normalize/codecs/modbus.ts";
import { openModbus } from "../../src/sources/modbus/modbus-source.ts";
import { modbusOptions } from "../../src/sources/modbus/options.ts";
import { type PlayedDevice, registers } from "../sources/modbus/played-device.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { SimDisk } from "../support/sim-disk.ts";

export const meters = 30;
/** A meter with 20 floats: one request of 8 bytes, one answer of 85. */
export const registersOfMeter = 40;

export function playedMeters(): Record<number, PlayedDevice> {
  const held = registers(0, ...Array.from({ length: registersOfMeter }, (_, at) => at));
  return Object.fromEntries(
    Array.from({ length: meters }, (_, at) => [at + 1, { tables: { input: held } }]),
  );
}

/** `took` hears of each message, and of which meter it is. */
export function askMeters(
  path: string,
  options: object,
  every: string,
  took: (device: string) => void,
): Promise<Source> {
  const values = Array.from({ length: registersOfMeter / 2 }, (_, at) => ({
    ...{ name: `v${at}`, at: at * 2, type: "f32" },
  }));
  const { poll } = registersOptions.parse({ groups: [{ every, table: "input", values }] });
  const members = Array.from({ length: meters }, (_, at) => ({
    ...{ device: `m${at + 1}`, address: at + 1 },
  }));
  return openModbus(modbusOptions.parse({ kind: "modbus", path, members, ...options }), {
    audit: noAudit,
    sink: {
      message: ({ device = "" }) => {
        took(device);
        return toSeq(0);
      },
      connection: () => toSeq(0),
    },
    nowMs: () => systemClock.wallMs(),
    clock: systemClock,
    random: Math.random,
    origin: { site: toSiteId("s"), gateway: toGatewayId("gw") },
    logger: silentLogger,
    metrics: silentMetrics,
    folder: "/data",
    disk: new SimDisk({ random: Math.random }),
    readSecret: async () => ({ reveal: () => "" }),
    pollPlan: () => poll,
    clientOf: () => undefined,
    log: {
      durableSeq: toSeq(0),
      lastSeq: toSeq(0),
      onDurable: () => () => {},
      openReader: async () => ({ next: async () => [], close: async () => {} }),
    },
    atEnd: () => {},
  });
}
