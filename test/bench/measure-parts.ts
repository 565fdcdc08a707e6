/** What each part could do if the others cost nothing; one at a time, on the same machine. */
import type { NatsServerProgram } from "../../src/nats-server/nats-server-program.ts";
import { envOf } from "../support/current-nats-server.ts";
import { type FigureGroup, formatRate } from "./figures.ts";
import { takesBatches } from "./nats-servers.ts";
import type {
  BrokerAnswer,
  CountArguments,
  LogAnswer,
  LogArguments,
  PublishArguments,
  RateAnswer,
} from "./programs/reports.ts";
import type { ProgramName, Workshop } from "./workshop.ts";

/** One part by itself. */
export interface Part {
  readonly name: string;
  readonly perSecond: number;
}

/** Those that a goal is a ratio of. */
export const aedesAlone = "aedes alone: no guard, no log";
export const publishWithFence = "publish into JetStream with fence and id";

/** `events` is how many go through each part that has a network or disk in it. */
export async function measureParts(
  workshop: Workshop,
  events: number,
  newest: NatsServerProgram,
): Promise<readonly Part[]> {
  const log = await measureLog(workshop, events * 2, false);
  const encrypted = await measureLog(workshop, events * 2, true);
  return [
    {
      name: aedesAlone,
      perSecond: await loadBroker(workshop, "aedes-alone", events),
    },
    {
      name: "our broker: guard, lanes, ack at once",
      perSecond: await loadBroker(workshop, "broker-alone", events),
    },
    { name: "normalize and encode", perSecond: await measureNormalize(workshop, events * 2) },
    { name: "log: append with group commit and fdatasync", perSecond: log.appendedPerSecond },
    { name: "log: read", perSecond: log.readPerSecond },
    { name: "log, encrypted: append", perSecond: encrypted.appendedPerSecond },
    { name: "log, encrypted: read", perSecond: encrypted.readPerSecond },
    {
      name: publishWithFence,
      perSecond: await publishAlone(workshop, events, { lane: "records" }),
    },
    ...(takesBatches(newest)
      ? [
          {
            name: `publish with fence in batches, nats-server ${newest.version}`,
            perSecond: await publishAlone(workshop, events, { lane: "batches", server: newest }),
          },
        ]
      : []),
    {
      name: "publish into JetStream plainly",
      perSecond: await publishAlone(workshop, events, { lane: "none" }),
    },
  ];
}

/** The parts with their limits. */
export function groupOfParts(parts: readonly Part[]): FigureGroup {
  const figures = parts.map(({ name, perSecond }) => ({
    what: name,
    measured: formatRate(perSecond),
  }));
  return { title: "Limits of the parts, each by itself", figures };
}

/** How much of each limit a whole reaches. */
export function groupOfRatios(
  whole: string,
  perSecond: number,
  parts: readonly Part[],
): FigureGroup {
  const figures = parts.map((part) => ({
    what: part.name,
    measured: `${((100 * perSecond) / part.perSecond).toFixed(0)} %`,
  }));
  return {
    title: `${whole} (${formatRate(perSecond)}) in percent of what the part does alone`,
    figures,
  };
}

async function loadBroker(workshop: Workshop, name: ProgramName, total: number): Promise<number> {
  const { answer, end } = await workshop.program<BrokerAnswer>(name, {});
  const load = async (round: string, events: number): Promise<number> => {
    const { report } = await workshop.load({
      name: round,
      url: `mqtt://127.0.0.1:${answer.port}`,
      connections: 10,
      window: 100,
      payloadBytes: 256,
      total: events,
    });
    return report.ackedPerSecond;
  };
  await load("warm", total / 5);
  const perSecond = await load("measured", total);
  await end();
  return perSecond;
}

async function measureLog(
  workshop: Workshop,
  count: number,
  encrypted: boolean,
): Promise<LogAnswer> {
  const options: LogArguments = { folder: await workshop.place(), count, encrypted };
  return workshop.result<LogAnswer>("log-alone", options);
}

async function measureNormalize(workshop: Workshop, count: number): Promise<number> {
  const options: CountArguments = { count };
  return (await workshop.result<RateAnswer>("normalize-alone", options)).perSecond;
}

/** So many events into a stream, through a lane of the forwarder or plainly, per second. */
export async function publishAlone(
  workshop: Workshop,
  count: number,
  { lane, server }: { lane: PublishArguments["lane"]; server?: NatsServerProgram },
): Promise<number> {
  const nats = await workshop.nats(envOf(server?.path));
  const options: PublishArguments = { natsUrl: nats.url, lane, window: 512, count };
  const { perSecond } = await workshop.result<RateAnswer>("publish-alone", options);
  await nats.kill();
  return perSecond;
}
