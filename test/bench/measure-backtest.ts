/** How fast `rules backtest` hears what a stream or a recording holds, as the command that users run. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { connect } from "@nats-io/transport-node";
import type { GatewayEvent } from "../../src/core/event.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { program } from "../support/gateway-program.ts";
import { makeGatewayStream, startMs } from "../support/gateway-stream.ts";
import { type Figure, type FigureGroup, formatCount, formatRate } from "./figures.ts";
import { fillStream } from "./fill-stream.ts";
import { rulesOfBench } from "./rules-of-bench.ts";
import type { Workshop } from "./workshop.ts";

const run = promisify(execFile);
const counts = [2, 10, 100];
const devices = 100;
const everyMs = 1_000;

/** Devices that are announced, speak once a second, and a watermark behind each round of them. */
function* spoken(events: number): Generator<GatewayEvent> {
  const frame = (device: string | null, timeMs: number) => ({
    device: device === null ? null : toDeviceId(device),
    ...{ timeMs, receivedMs: timeMs, clock: "gateway" as const },
  });
  const names = Array.from({ length: devices }, (_, n) => `d${n}`);
  for (const name of names)
    yield {
      ...frame(name, startMs),
      kind: "device",
      data: {
        ...{ device: toDeviceId(name), profile: "acme/meter@1", intervalMs: everyMs },
        ...{ tags: {}, attrs: {}, metrics: [{ name: "temperature" }] },
      },
    };
  for (let n = 0; n < events; n += 1) {
    const timeMs = startMs + Math.floor(n / devices) * everyMs + (n % devices);
    yield {
      ...frame(names[n % devices] ?? null, timeMs),
      kind: "measurement",
      data: [{ name: "temperature", unit: "Cel", value: 50 + (n % 40), quality: "good" }],
    };
    if (n % devices === devices - 1)
      yield { ...frame(null, timeMs), kind: "watermark", data: { t: timeMs, heardMs: n } };
  }
}

export async function measureBacktest(workshop: Workshop, events: number): Promise<FigureGroup> {
  const nats = await workshop.nats();
  const connection = await connect({ servers: nats.url, noAsyncTraces: true });
  await makeGatewayStream(connection, backboneOptions.parse({ servers: [nats.url] }));
  await fillStream(connection, spoken(events));
  await connection.close();
  const config = await workshop.file(
    "sluicegate.yaml",
    `site: plant-a\ngateway: { id: hub, data: data }\nbackbone: { servers: ["${nats.url}"] }\n`,
  );
  const recording = join(dirname(config), "recording.ndjson");
  const timed = async (...args: readonly string[]): Promise<number> => {
    const beganMs = performance.now();
    const bytes = 64 * 1_048_576;
    await run(process.execPath, [program, ...args, "--config", config], { maxBuffer: bytes });
    return (events * 1_000) / (performance.now() - beganMs);
  };
  const figures: Figure[] = [
    { what: "recorded into a file", measured: formatRate(await timed("record", "-o", recording)) },
  ];
  for (const count of counts) {
    const text = JSON.stringify(rulesOfBench(count, "hub"));
    const rules = await workshop.file("rules.yaml", text);
    const backtest = ["rules", "backtest", rules, "--output", "json"];
    for (const [what, from] of [
      ["a file", ["--from-file", recording]],
      ["the stream", ["--from-stream"]],
    ] as const)
      figures.push({
        what: `${count} rules: heard from ${what}`,
        measured: formatRate(await timed(...backtest, ...from)),
      });
  }
  await nats.kill();
  return {
    title: `Backtest of ${formatCount(events)} events of ${devices} devices, start and end included`,
    figures,
  };
}
