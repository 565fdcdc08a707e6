/** A broker outside that has many messages waiting: how fast they are fetched and made durable. */
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { countStored, formatVerdict } from "./count-stored.ts";
import { type FigureGroup, formatMegabytes, formatRate } from "./figures.ts";
import { readProcess } from "./process-facts.ts";
import type { Workshop } from "./workshop.ts";

const payloadBytes = 256;

/**
 * The gateway subscribes and is stopped; so many events wait at a Mosquitto; then it is started and
 * fetches them over one connection.
 */
export async function measureOutside(workshop: Workshop, events: number): Promise<FigureGroup> {
  const nats = await workshop.nats();
  const broker = await workshop.mosquitto();
  const entry = { kind: "mqtt-client", url: broker.url, topics: ["sim/#"] };
  const gateway = await workshop.gateway({ natsUrl: nats.url, sources: [entry] });
  const until = async (isThere: () => Promise<boolean>): Promise<void> => {
    while (!(await isThere())) await sleep(systemClock, 20);
  };
  await gateway.start();
  await until(async () =>
    (await gateway.status()).sources.some(({ link }) => link?.isConnected === true),
  );
  await gateway.stop();
  const load = await workshop.load({
    name: "outside",
    url: broker.url,
    payloadBytes,
    connections: 10,
    window: 100,
    total: events,
  });
  await gateway.start();
  const before = readProcess(gateway.pid);
  const already = (await gateway.status()).flow.received;
  const beganMs = performance.now();
  await until(async () => (await gateway.status()).flow.received >= events);
  const fetchedMs = performance.now() - beganMs;
  await gateway.drained();
  const after = readProcess(gateway.pid);
  const verdict = await countStored(nats.url, [load]);
  await gateway.stop();
  await broker.stop("SIGKILL");
  await nats.kill();
  const fetched = events - already;
  return {
    title: `A broker outside (Mosquitto, MQTT 5, one connection): ${events} messages of ${payloadBytes} B waiting`,
    figures: [
      {
        what: "fetched, on disk and acknowledged",
        measured: formatRate((fetched * 1_000) / fetchedMs),
        goal: "30,000",
      },
      {
        what: "processor time of the gateway per event",
        measured: `${(((after.cpuMs - before.cpuMs) * 1_000) / fetched).toFixed(1)} µs`,
      },
      {
        what: "highest memory of the gateway (RSS)",
        measured: formatMegabytes(after.peakRssBytes),
      },
      {
        what: "acknowledged events that the stream has, once and in order",
        measured: formatVerdict(verdict),
      },
    ],
  };
}
