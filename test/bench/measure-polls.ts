/** Polls of a Modbus bus per second, held against what the bytes of its line allow. */
import { systemClock } from "../../src/app/system-clock.ts";
import { PlayedRtuBus, PlayedTcpBus } from "../sources/modbus/played-bus.ts";
import type { FigureGroup } from "./figures.ts";
import { askMeters, meters, playedMeters, registersOfMeter } from "./meters-on-a-bus.ts";

const bytesOfPoll = 8 + 5 + registersOfMeter * 2;
const silenceMs = 5;

/** Each line is asked as fast as it goes, for so many seconds. */
export async function measurePolls(seconds: number): Promise<FigureGroup> {
  const figures = [];
  for (const baud of [9_600, 38_400, 115_200]) {
    const byteMs = 10_000 / baud;
    const bus = new PlayedRtuBus(playedMeters(), { byteMs });
    const limit = 1_000 / (bytesOfPoll * byteMs + silenceMs);
    const perSecond = await pollsOf(await bus.open(), { baud, under_way: 1 }, seconds);
    figures.push({
      what: `RTU at ${baud} baud: the line allows ${limit.toFixed(1)} polls/s`,
      measured: `${perSecond.toFixed(1)} polls/s`,
    });
  }
  const bus = await new PlayedRtuBus(playedMeters()).open();
  const atOnce = await pollsOf(bus, { baud: 12_000_000, under_way: 1 }, seconds);
  figures.push({
    what: "RTU through a line without a pace",
    measured: `${atOnce.toFixed(0)} polls/s`,
  });
  for (const underWay of [1, 8]) {
    const tcp = await new PlayedTcpBus(playedMeters()).open();
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

async function pollsOf(
  bus: PlayedRtuBus | PlayedTcpBus,
  options: object,
  seconds: number,
): Promise<number> {
  let count = 0;
  const source = await askMeters(bus.path, options, "50ms", () => {
    count += 1;
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const before = count;
  const startMs = systemClock.monotonicMs();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const perSecond = ((count - before) * 1_000) / (systemClock.monotonicMs() - startMs);
  await source.stop();
  await bus.close();
  return perSecond;
}
