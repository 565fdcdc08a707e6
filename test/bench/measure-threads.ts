/** What threads of their own could bring for publishing and for normalizing: the most, not what they would. */
import { freePort } from "../../src/demo/free-port.ts";
import { type FigureGroup, formatRate } from "./figures.ts";
import { publishAlone } from "./measure-parts.ts";
import type { CountArguments, HandOverAnswer, RateAnswer } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

/** In turn, so that a machine that grows slower is so for all. */
const rounds = 3;
const payloadBytes = 256;

/** Events per second. */
interface Round {
  /** One thread does all. */
  readonly whole: number;
  /** Nobody publishes. */
  readonly without: number;
  /** Another process publishes as many meanwhile, and its own rate. */
  readonly beside: number;
  readonly published: number;
}

export async function measureThreads(workshop: Workshop, events: number): Promise<FigureGroup> {
  const played: Round[] = [];
  for (let round = 0; round < rounds; round += 1) played.push(await playRound(workshop, events));
  const options: CountArguments = { count: events };
  const normalized = await workshop.result<RateAnswer>("normalize-alone", options);
  const handedOver = await workshop.result<HandOverAnswer>("hand-over-alone", options);
  const whole = middle(played.map((round) => round.whole));
  const rate = (what: string, perSecond: number) => ({
    what,
    measured: `${formatRate(perSecond)}, ${(perSecond / whole).toFixed(2)}`,
  });
  const us = (what: string, tookUs: number) => ({ what, measured: `${tookUs.toFixed(2)} µs` });
  return {
    title: `What threads could bring at most (the middle of ${rounds} rounds; the second figure is of the first line)`,
    figures: [
      rate("all in one thread: stored on the backbone", whole),
      rate("nobody publishes: acknowledged", middle(played.map(({ without }) => without))),
      rate(
        "another process publishes as many: the slower of both",
        middle(played.map(({ beside, published }) => Math.min(beside, published))),
      ),
      us("normalize and encode a message", 1e6 / normalized.perSecond),
      us("give it to a thread and take its event", handedOver.ownUs),
    ],
  };
}

async function playRound(workshop: Workshop, events: number): Promise<Round> {
  const nats = await workshop.nats();
  const whole = await loadGateway(workshop, nats.url, { events, untilStored: true });
  await nats.kill();
  const nobody = `nats://127.0.0.1:${await freePort()}`;
  const without = await loadGateway(workshop, nobody, { events, untilStored: false });
  const [beside, published] = await Promise.all([
    loadGateway(workshop, nobody, { events, untilStored: false }),
    publishAlone(workshop, events, { lane: "records" }),
  ]);
  return { whole, without, beside, published };
}

/** Events per second that a warm gateway acknowledges, or that are on the backbone as well. */
async function loadGateway(
  workshop: Workshop,
  natsUrl: string,
  { events, untilStored }: { readonly events: number; readonly untilStored: boolean },
): Promise<number> {
  const gateway = await workshop.gateway({ natsUrl });
  await gateway.start();
  const load = (name: string, total: number) =>
    workshop.load({
      ...{ name, total, payloadBytes, url: gateway.mqttUrl, connections: 10, window: 100 },
    });
  await load("warm", events / 4);
  if (untilStored) await gateway.drained();
  const { report, startedMs } = await load("measured", events);
  if (untilStored) await gateway.drained();
  const tookMs = untilStored ? Date.now() - startedMs : report.elapsedMs;
  await gateway.stop();
  return (events * 1_000) / tookMs;
}

function middle(rates: readonly number[]): number {
  return rates.toSorted((one, other) => one - other)[Math.floor(rates.length / 2)] ?? 0;
}
