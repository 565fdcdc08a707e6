/** QoS 1 load from a process of its own. */
import { systemClock } from "../../../src/app/system-clock.ts";
import { sleep } from "../../../src/core/clock.ts";
import { startLoad } from "../../../src/simulate/load-generator.ts";
import { sensorObject, sensorTopic } from "../tasmota-sensor.ts";
import { answer, readArguments } from "./answer.ts";
import type { LoadAnswer, LoadArguments } from "./reports.ts";

const { name, says = "freezer", seconds, ...options } = readArguments<LoadArguments>();
/** So long a load whose time is over waits for PUBACKs. */
const lastAcksMs = 60_000;
const isSensor = says === "sensor";
const topicOf = (device: string): string =>
  isSensor ? sensorTopic(`${name}-${device}`) : `sim/freezer/${name}-${device}/telemetry`;
const highest = new Map<string, number>();
const startedMs = systemClock.wallMs();
const load = startLoad({
  ...options,
  boot: name,
  topicOf,
  ...(isSensor && { object: sensorObject }),
  onAck: (device, n) => highest.set(device, n),
  clock: systemClock,
});
if (seconds !== undefined)
  void sleep(systemClock, seconds * 1_000).then(() => load.stop(lastAcksMs));
const report = await load.finished;
const { system, user } = process.cpuUsage();
const acked = [...highest].map(([device, n]) => [`${name}-${device}`, n] as const);
answer({ report, startedMs, acked, cpuMs: (system + user) / 1_000 } satisfies LoadAnswer);
