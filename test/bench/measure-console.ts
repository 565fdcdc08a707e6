/** What a page that looks costs the devices: the same gateway with nobody looking and with one who does. */
import { execFileSync } from "node:child_process";
import { freePort } from "../../src/demo/free-port.ts";
import { type GatewayProgram, program } from "../support/gateway-program.ts";
import { type Figure, type FigureGroup, formatRate } from "./figures.ts";
import { readProcess } from "./process-facts.ts";
import type { Workshop } from "./workshop.ts";

/** Each takes its turn so often: what else the machine does is the same for both. */
const rounds = 3;
const pacedPerSecond = 5_000;
/** All that a screen with a live list follows. */
const topics = "status,devices,alerts,flow,live:normalized?per_s=20";

interface Taken {
  readonly ackedPerSecond: number;
  readonly cpuUs: number;
}

/** `events` go through in each turn at full speed, and half of them at 5,000 a second. */
export async function measureConsole(workshop: Workshop, events: number): Promise<FigureGroup> {
  const nats = await workshop.nats();
  const port = await freePort();
  const gateway = await workshop.gateway({
    natsUrl: nats.url,
    configuration: `console: { listen: "127.0.0.1:${port}" }\n`,
  });
  const token = execFileSync(
    process.execPath,
    [program, "tokens", "add", "bench", "--config", gateway.configPath],
    { encoding: "utf8" },
  ).trim();
  await gateway.start();
  const url = `http://127.0.0.1:${port}/api/v1/stream?topics=${encodeURIComponent(topics)}`;
  const look = () => workshop.program("stream-reader", { url, token });

  await take(workshop, gateway, events / 4);
  const figures: Figure[] = [];
  for (const [what, total, ratePerSecond] of [
    ["at full speed", events, undefined],
    [`at ${pacedPerSecond.toLocaleString("en-US")} a second`, events / 2, pacedPerSecond],
  ] as const) {
    const alone: Taken[] = [];
    const lookedAt: Taken[] = [];
    for (let round = 0; round < rounds; round += 1) {
      alone.push(await take(workshop, gateway, total, ratePerSecond));
      const reader = await look();
      lookedAt.push(await take(workshop, gateway, total, ratePerSecond));
      await reader.end();
    }
    figures.push(...figuresOf(what, alone, lookedAt, ratePerSecond === undefined));
  }
  await gateway.stop();
  await nats.kill();
  return { title: `A page that looks, ${rounds} turns each`, figures };
}

function figuresOf(
  what: string,
  alone: readonly Taken[],
  lookedAt: readonly Taken[],
  isFullSpeed: boolean,
): readonly Figure[] {
  const rate = (all: readonly Taken[]) => mean(all.map(({ ackedPerSecond }) => ackedPerSecond));
  const cpu = (all: readonly Taken[]) => mean(all.map(({ cpuUs }) => cpuUs));
  const ratio = (one: number, other: number) => `${((100 * one) / other).toFixed(1)} %`;
  return [
    {
      what: `${what}: processor time per event, nobody looks / one does`,
      measured: `${cpu(alone).toFixed(1)} / ${cpu(lookedAt).toFixed(1)} µs`,
    },
    {
      what: `${what}: processor time of without`,
      measured: ratio(cpu(lookedAt), cpu(alone)),
    },
    ...(isFullSpeed
      ? [
          {
            what: `${what}: acknowledged to devices, nobody looks / one does`,
            measured: `${formatRate(rate(alone))} / ${formatRate(rate(lookedAt))}`,
          },
          {
            what: `${what}: of what is acknowledged without`,
            measured: ratio(rate(lookedAt), rate(alone)),
          },
        ]
      : []),
  ];
}

async function take(
  workshop: Workshop,
  gateway: GatewayProgram,
  total: number,
  ratePerSecond?: number,
): Promise<Taken> {
  const before = readProcess(gateway.pid);
  const { report } = await workshop.load({
    ...{ name: "console", total, url: gateway.mqttUrl },
    ...{ connections: 50, window: 20, payloadBytes: 256 },
    ...(ratePerSecond !== undefined && { ratePerSecond }),
  });
  await gateway.drained();
  const after = readProcess(gateway.pid);
  return {
    ackedPerSecond: report.ackedPerSecond,
    cpuUs: ((after.cpuMs - before.cpuMs) * 1_000) / total,
  };
}

function mean(all: readonly number[]): number {
  return all.reduce((sum, one) => sum + one, 0) / all.length;
}
