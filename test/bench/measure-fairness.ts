/** How long a modest device waits for its PUBACK, alone and among clients that send without end. */
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { type Figure, type FigureGroup, formatCount, formatMs } from "./figures.ts";
import type { LoadAnswer } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

const honest = { connections: 20, ratePerSecond: 200 };
const flooders = 20;
const settleMs = 1_000;

/** Each for so many seconds, with a backbone that takes everything. */
export async function measureFairness(workshop: Workshop, seconds: number): Promise<FigureGroup> {
  const nats = await workshop.nats();
  const gateway = await workshop.gateway({ natsUrl: nats.url });
  await gateway.start();
  const figures: Figure[] = [];
  const ask = async (when: string, name: string): Promise<void> => {
    const { report }: LoadAnswer = await workshop.load({
      name,
      url: gateway.mqttUrl,
      ...honest,
      window: 100,
      payloadBytes: 100,
      total: honest.ratePerSecond * seconds,
    });
    figures.push(
      { what: `${when}: half of the PUBACKs within`, measured: formatMs(report.latency.p50Ms) },
      { what: `${when}: 99 of 100 PUBACKs within`, measured: formatMs(report.latency.p99Ms) },
    );
  };
  await ask("nobody else there", "alone");
  const flood = await workshop.program<{ readonly started: true }>("flood", {
    url: gateway.mqttUrl,
    connections: flooders,
  });
  await sleep(systemClock, settleMs);
  const before = (await gateway.status()).flow.received;
  const startedMs = performance.now();
  await ask(`${flooders} flooders`, "among");
  const tookMs = performance.now() - startedMs;
  const taken = (await gateway.status()).flow.received - before;
  figures.push({
    what: "taken meanwhile",
    measured: `${formatCount((taken * 1_000) / tookMs)} messages/s`,
  });
  await flood.end();
  await gateway.kill();
  await nats.kill();
  const devices = `${honest.connections} devices, ${honest.ratePerSecond} messages/s in all`;
  return { title: `Who sends little among those that flood: ${devices}`, figures };
}
