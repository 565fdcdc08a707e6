/** Polls of a Modbus bus per second, held against what the bytes of its line allow. */
import { systemClock } from "../../src/app/system-clock.ts";
import { noAudit } from "../../src/core/audit.ts";
import { toGatewayId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { registersOptions } from "../../src/normalize/codecs/modbus.ts";
import { openModbus } from "../../src/sources/modbus/modbus-source.ts";
import { modbusOptions } from "../../src/sources/modbus/options.ts";
import { PlayedRtuBus, PlayedTcpBus } from "../sources/modbus/played-bus.ts";
import { registers } from "../sources/modbus/played-device.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { SimDisk } from "../support/sim-disk.ts";
import type { FigureGroup } from "./figures.ts";

const meters = 30;
/** A meter with 20 floats: one request of 8 bytes, one answer of 85. */
const registersOfMeter = 40;
const bytesOfPoll = 8 + 5 + registersOfMeter * 2;
const silenceMs = 5;

/** Each line is asked as fast as it goes, for so many seconds. */
export async function measurePolls(seconds: number): Promise<FigureGroup> {
  const figures = [];
  for (const baud of [9_600, 38_400, 115_200]) {
    const byteMs = 10_000 / baud;
    const bus = new PlayedRtuBus(devices(), { byteMs });
    const limit = 1_000 / (bytesOfPoll * byteMs + silenceMs);
    const perSecond = await pollsOf(await bus.open(), { baud, under_way: 1 }, seconds);
    figures.push({
      what: `RTU at ${baud} baud: the line allows ${limit.toFixed(1)} polls/s`,
      measured: `${perSecond.toFixed(1)} polls/s`,
    });
  }
  const bus = await new PlayedRtuBus(devices()).open();
  const atOnce = await pollsOf(bus, { baud: 12_000_000, under_way: 1 }, seconds);
  figures.push({
    what: "RTU through a line without a pace",
    measured: `${atOnce.toFixed(0)} polls/s`,
  });
  for (const underWay of [1, 8]) {
    const tcp = await new PlayedTcpBus(devices()).open();
    const perSecond = await pollsOf(tcp, { under_way: underWay }, seconds);
    figures.push({
      what: `Modbus TCP, ${underWay} under way`,
      measured: `${perSecond.toFixed(0)} polls/s`,
    });
  }
  return {
    title: `Modbus: ${meters} meters of ${registersOfMeter} registers on one line`,
    figures,
  };
}

function devices() {
  const held = registers(0, ...Array.from({ length: registersOfMeter }, (_, at) => at));
  return Object.fromEntries(
    Array.from({ length: meters }, (_, at) => [at + 1, { tables: { input: held } }]),
  );
}

async function pollsOf(
  bus: PlayedRtuBus | PlayedTcpBus,
  options: object,
  seconds: number,
): Promise<number> {
  const values = Array.from({ length: registersOfMeter / 2 }, (_, at) => ({
    ...{ name: `v${at}`, at: at * 2, type: "f32" },
  }));
  const { poll } = registersOptions.parse({ groups: [{ every: "50ms", table: "input", values }] });
  const members = Array.from({ length: meters }, (_, at) => ({
    device: `m${at}`,
    address: at + 1,
  }));
  let count = 0;
  const source = await openModbus(
    modbusOptions.parse({ kind: "modbus", path: bus.path, members, ...options }),
    {
      audit: noAudit,
      sink: {
        message: () => {
          count += 1;
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
    },
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = count;
  const startMs = systemClock.monotonicMs();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const perSecond = ((count - before) * 1_000) / (systemClock.monotonicMs() - startMs);
  await source.stop();
  await bus.close();
  return perSecond;
}
