/** What rules that a gateway evaluates itself cost its devices: PUBACKs with none, ten and a hundred. */
import { type Figure, type FigureGroup, formatMegabytes, formatRate } from "./figures.ts";
import { readProcess } from "./process-facts.ts";
import { rulesOfBench } from "./rules-of-bench.ts";
import type { Workshop } from "./workshop.ts";

const counts = [0, 10, 100];

/** `events` go through each; a gateway without a warm-up is not a gateway. */
export async function measureEdge(workshop: Workshop, events: number): Promise<FigureGroup> {
  const figures: Figure[] = [];
  let without: number | undefined;
  for (const count of counts) {
    const found = await take(workshop, count, events);
    without ??= found.ackedPerSecond;
    const what = count === 0 ? "no rules" : `${count} rules`;
    figures.push(
      { what: `${what}: acknowledged to devices`, measured: formatRate(found.ackedPerSecond) },
      {
        what: `${what}: processor time of the gateway per event`,
        measured: `${found.cpuUs.toFixed(1)} µs`,
      },
      { what: `${what}: highest memory (RSS)`, measured: formatMegabytes(found.peakRssBytes) },
    );
    if (count > 0)
      figures.push({
        what: `${what}: of what is acknowledged without`,
        measured: `${((100 * found.ackedPerSecond) / without).toFixed(0)} %`,
      });
  }
  return { title: "Rules inside the gateway, of which ten match", figures };
}

async function take(workshop: Workshop, count: number, events: number) {
  const nats = await workshop.nats();
  const files = [await workshop.file("rules.yaml", JSON.stringify(rulesOfBench(count, "edge")))];
  const gateway = await workshop.gateway({
    natsUrl: nats.url,
    ...(count > 0 && { configuration: `rules: ${JSON.stringify({ files })}\n` }),
  });
  await gateway.start();
  const load = (name: string, total: number) =>
    workshop.load({
      ...{ name, total, url: gateway.mqttUrl },
      ...{ connections: 50, window: 20, payloadBytes: 256 },
    });
  await load("warm", events / 4);
  await gateway.drained();
  const before = readProcess(gateway.pid);
  const { report } = await load("edge", events);
  await gateway.drained();
  const after = readProcess(gateway.pid);
  await gateway.stop();
  await nats.kill();
  return {
    ackedPerSecond: report.ackedPerSecond,
    cpuUs: ((after.cpuMs - before.cpuMs) * 1_000) / events,
    peakRssBytes: after.peakRssBytes,
  };
}
