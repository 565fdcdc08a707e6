/** QoS 1 load from a process of its own. */
import { systemClock } from "../../../src/app/system-clock.ts";
import { startLoad } from "../../../src/simulate/load-generator.ts";
import { answer, readArguments } from "./answer.ts";
import type { LoadAnswer, LoadArguments } from "./reports.ts";

const { name, ...options } = readArguments<LoadArguments>();
const highest = new Map<string, number>();
const startedMs = systemClock.wallMs();
const report = await startLoad({
  ...options,
  boot: name,
  topicOf: (device) => `sim/freezer/${name}-${device}/telemetry`,
  onAck: (device, n) => highest.set(device, n),
  clock: systemClock,
}).finished;
const { system, user } = process.cpuUsage();
const acked = [...highest].map(([device, n]) => [`${name}-${device}`, n] as const);
answer({ report, startedMs, acked, cpuMs: (system + user) / 1_000 } satisfies LoadAnswer);
