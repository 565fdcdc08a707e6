/** `sluicegate sim sparkplug`: an edge node of Sparkplug B as a real MQTT client. */
import { untilSignal } from "../app/signals.ts";
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { maskAddress } from "../core/mask-secrets.ts";
import { parseBrokerUrl } from "../simulate/mqtt-wire.ts";
import { createSeededRandom } from "../simulate/seeded-random.ts";
import { NodeSimulator } from "../simulate/sparkplug/node-simulator.ts";
import { durationFlag, shareFlag } from "./flag-values.ts";

export interface SimSparkplugOptions {
  readonly url: string;
  readonly group: string;
  readonly node: string;
  readonly every: string;
  readonly seed: string;
  readonly for?: string;
  readonly lost: string;
  readonly unknownAlias: string;
  readonly cut: string;
  readonly moveAliases?: boolean;
  readonly deaf?: boolean;
  readonly restartEvery?: string;
}

/** Runs the node until a signal, or for as long as was asked, and says what it did. */
export async function runSimSparkplug(options: SimSparkplugOptions): Promise<void> {
  const { deaf = false, group, moveAliases = false, node, url } = options;
  const restartMs = durationFlag("--restart-every", options.restartEvery);
  const forMs = durationFlag("--for", options.for);
  const simulator = new NodeSimulator({
    ...{ group, node, clock: systemClock },
    broker: parseBrokerUrl(url),
    random: createSeededRandom(options.seed),
    everyMs: durationFlag("--every", options.every),
    misbehavior: {
      lost: shareFlag("--lost", options.lost),
      unknownAlias: shareFlag("--unknown-alias", options.unknownAlias),
      cut: shareFlag("--cut", options.cut),
      movesAliases: moveAliases,
      isDeaf: deaf,
    },
  });
  simulator.start();
  process.stderr.write(`spBv1.0/${group}/+/${node} on ${maskAddress(url)}\n`);
  const restarts = restartMs === undefined ? undefined : setInterval(restart, restartMs);
  const stop = untilSignal();
  await (forMs === undefined ? stop : Promise.race([stop, sleep(systemClock, forMs)]));
  clearInterval(restarts);
  const { trouble } = simulator;
  await simulator.stop();
  if (trouble !== undefined) process.stderr.write(`sluicegate: not connected: ${trouble}\n`);
  const { asked, births, cut, data, lost, restarts: times, unknownAliases } = simulator.counts();
  process.stdout.write(
    `births ${births}  asked for them ${asked}  data ${data}  of it lost ${lost}  cut ${cut}  ` +
      `by unknown aliases ${unknownAliases}  restarts ${times}\n`,
  );

  /** With its death and without, by turns. */
  function restart(): void {
    simulator.restart(simulator.counts().restarts % 2 === 0);
  }
}
