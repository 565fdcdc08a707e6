/**
 * A Modbus bus of thirty meters of which two are dead: whether the others keep their intervals, and what
 * of the line the dead take. Devices are played; the line, its pace and the source are real.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlayedRtuBus, PlayedTcpBus } from "../sources/modbus/played-bus.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { FigureGroup } from "./figures.ts";
import { askMeters, meters, playedMeters, registersOfMeter } from "./meters-on-a-bus.ts";

const dead = [7, 23];
const everyMs = 5_000;
const timeoutMs = 1_000;
/** A reading is so much later than its slot at least, here and there. */
const askingMs = 80;
/** Ten bits a byte. */
const byteMsAt9600 = 10_000 / 9_600;

interface Kept {
  /** Of the slots of living meters, the share with a reading before the next one. */
  readonly kept: number;
  /** The longest time between two readings of a living meter, beyond the interval. */
  readonly worstLateMs: number;
  /** Of the time, what went by waiting for the dead. */
  readonly shareOfDead: number;
  readonly load: number;
}

export async function measureDeadMembers(seconds: number): Promise<FigureGroup> {
  const [rtuAlive, rtuDead, tcpDead] = await Promise.all([
    onPty([], seconds),
    onPty(dead, seconds),
    overTcp(dead, seconds),
  ]);
  return {
    title: `Modbus: ${meters} meters of ${registersOfMeter} registers every ${everyMs / 1_000} s for ${seconds} s, time-out ${timeoutMs / 1_000} s`,
    figures: [
      { what: "RTU at 9600 baud on a pty, all alive", measured: words(rtuAlive) },
      { what: "RTU at 9600 baud on a pty, two dead", measured: words(rtuDead) },
      { what: "Modbus TCP, one under way, two dead", measured: words(tcpDead) },
    ],
  };
}

function words({ kept, load, shareOfDead, worstLateMs }: Kept): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return `${percent(kept)} of intervals kept, worst ${worstLateMs.toFixed(0)} ms late, the dead take ${percent(shareOfDead)}, line ${percent(load)} busy`;
}

async function overTcp(deadUnits: readonly number[], seconds: number): Promise<Kept> {
  const bus = await new PlayedTcpBus(metersWithout(deadUnits), { thinkMs: 100 }).open();
  const kept = await measure(bus, bus.path, deadUnits, seconds);
  await bus.close();
  return kept;
}

/** A terminal of the system between the source and the bus, whose bytes take their time. */
async function onPty(deadUnits: readonly number[], seconds: number): Promise<Kept> {
  const folder = await mkdtemp(join(tmpdir(), "sluicegate-bench-"));
  const bus = await new PlayedRtuBus(metersWithout(deadUnits), { byteMs: byteMsAt9600 }).open();
  const path = join(folder, "bus");
  const socat = spawn("socat", [`TCP:127.0.0.1:${bus.port},nodelay`, `PTY,rawer,link=${path}`], {
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => socat.once("exit", resolve));
  await waitUntil(() => existsSync(path), "the terminal is there");
  const kept = await measure(bus, path, deadUnits, seconds);
  socat.kill("SIGKILL");
  await ended;
  await bus.close();
  await rm(folder, { recursive: true });
  return kept;
}

function metersWithout(deadUnits: readonly number[]): ReturnType<typeof playedMeters> {
  const played = playedMeters();
  for (const unit of deadUnits) played[unit] = { tables: {}, dead: true };
  return played;
}

async function measure(
  bus: PlayedRtuBus | PlayedTcpBus,
  path: string,
  deadUnits: readonly number[],
  seconds: number,
): Promise<Kept> {
  const readings = new Map<string, number[]>();
  const options = { timeout: `${timeoutMs}ms` };
  const startMs = performance.now();
  const source = await askMeters(path, options, `${everyMs}ms`, (device) => {
    readings.set(device, [...(readings.get(device) ?? []), performance.now() - startMs]);
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const tookMs = performance.now() - startMs;
  const load = source.load ?? 0;
  await source.stop();
  const gridMs = Math.min(...[...readings.values()].map(([first = 0]) => first)) - askingMs;
  const slots = Math.floor((tookMs - gridMs) / everyMs);
  let kept = 0;
  let worstLateMs = 0;
  for (const times of readings.values()) {
    for (let slot = 0; slot < slots; slot += 1)
      if (times.some((ms) => Math.floor((ms - gridMs) / everyMs) === slot)) kept += 1;
    for (const [at, ms] of times.entries())
      if (at > 0) worstLateMs = Math.max(worstLateMs, ms - (times[at - 1] ?? 0) - everyMs);
  }
  const askedOfDead = bus.asked.filter(({ unit }) => deadUnits.includes(unit)).length;
  return {
    kept: kept / (slots * (meters - deadUnits.length)),
    worstLateMs,
    shareOfDead: (askedOfDead * timeoutMs) / tookMs,
    load,
  };
}
