/** A simulated node of Sparkplug B with two devices: what it said against what is stored of it. */
import { systemClock } from "../../src/app/system-clock.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { NodeSimulator } from "../../src/simulate/sparkplug/node-simulator.ts";

const idStart = "sparkplug-plant-sim";

/** What each of its metrics can be, in the units that are stored. No two can be taken for each other. */
const ranges: Readonly<Record<string, readonly [from: number, to: number]>> = {
  cabinet_temperature: [30, 40],
  hydraulics_oil_temperature: [65, 77],
  hydraulics_pressure: [200_000, 250_000],
  cycles: [1_000_000, 2_000_000],
  speed: [1, 2],
  torque: [-600, -500],
};

export function startNode(mqttPort: number): NodeSimulator {
  const node = new NodeSimulator({
    ...{ group: "plant", node: "sim-1", everyMs: 200, clock: systemClock },
    broker: { host: "127.0.0.1", port: mqttPort },
    random: createSeededRandom("sparkplug"),
    misbehavior: { movesAliases: true, unknownAlias: 0.02, cut: 0.02, lost: 0.02 },
  });
  node.start();
  return node;
}

/** A time in which all is well with it, and how many messages with data it sent then. */
export interface NodeQuiet {
  readonly fromMs: number;
  readonly toMs: number;
  readonly sent: number;
}

export function judgeNode(bodies: readonly Uint8Array[], { fromMs, sent, toMs }: NodeQuiet) {
  let acked = 0;
  let reordered = 0;
  let stored = 0;
  let cycles = 0;
  let values = 0;
  const falseValues: string[] = [];
  for (const body of bodies) {
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event) || event.kind !== "measurement") continue;
    if (event.device?.startsWith(idStart) !== true) continue;
    acked += 1;
    if (event.timeMs >= fromMs && event.timeMs < toMs) stored += 1;
    for (const { name, value } of event.data) {
      if (typeof value !== "number") continue;
      values += 1;
      const [from, to] = ranges[name] ?? [];
      if (from === undefined || to === undefined || value < from || value > to)
        falseValues.push(`${event.device}: ${name} is ${value}`);
      if (name !== "cycles") continue;
      if (value < cycles) reordered += 1;
      cycles = value;
    }
  }
  return { acked, lost: Math.max(0, sent - stored), reordered, values, falseValues };
}
