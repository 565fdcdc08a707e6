/**
 * Evaluates alert rules over the streams of all gateways.
 *
 * Sites are spread over a fixed number of partitions, each with a rule engine and a checkpoint of
 * its own. This process takes every partition in which it sees a gateway.
 */
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { partitionOf } from "../core/subject.ts";
import { type DiscoveredGateway, lookAtGateways } from "../stream/discover-gateways.ts";
import { createCheckpointList } from "./checkpoint.ts";
import { GatewaySightings } from "./gateway-sightings.ts";
import { LookalikeJournal } from "./lookalike-journal.ts";
import { Partition, type PartitionState } from "./partition.ts";
import { createProcessorCounters } from "./processor-counters.ts";
import type { TenancyDependencies } from "./tenancy.ts";

export interface ProcessorState {
  readonly partitions: readonly PartitionState[];
}

/** The running role. */
export interface Processor {
  /** Begins in the background; never fails, waits for the backbone as long as it takes. Once. */
  start(): void;
  /** Writes last checkpoints where that is possible within a few seconds. */
  stop(): Promise<void>;
  state(): ProcessorState;
}

export type ProcessorDependencies = Omit<TenancyDependencies, "counters" | "messagesInFlight">;

/** Messages on their way at once, over all gateways. */
const totalInFlight = 10_000;
const fewestInFlight = 50;
const mostInFlight = 2_000;

export function createProcessor(deps: ProcessorDependencies): Processor {
  const counters = createProcessorCounters(deps.metrics);
  const stopping = new AbortController();
  const partitions = new Map<number, Partition>();
  const keptPartitions = createCheckpointList(deps.backbone, deps.backboneOptions);
  let discovering: Promise<void> = Promise.resolve();

  let gatewayCount = 1;
  const messagesInFlight = (): number =>
    Math.min(mostInFlight, Math.max(fewestInFlight, Math.floor(totalInFlight / gatewayCount)));

  const take = (partition: number): void => {
    if (partitions.has(partition)) return;
    partitions.set(partition, new Partition(partition, { ...deps, counters, messagesInFlight }));
  };

  const share = (gateways: readonly DiscoveredGateway[]): void => {
    gatewayCount = Math.max(1, gateways.length);
    for (const { site } of gateways) take(partitionOf(site));
    for (const [number, partition] of partitions)
      partition.follow(gateways.filter(({ site }) => partitionOf(site) === number));
  };

  const discover = async (): Promise<void> => {
    const { backbone, clock, logger, options } = deps;
    const sightings = new GatewaySightings(options.discover_every);
    const lookalikeJournal = new LookalikeJournal(logger);
    let areKeptTaken = false;
    while (!stopping.signal.aborted) {
      try {
        const connection = await backbone.connected(stopping.signal);
        // All of whose gateways are gone may still have alerts that nobody else ends.
        if (!areKeptTaken) (await keptPartitions(stopping.signal)).forEach(take);
        areKeptTaken = true;
        const { gateways, lookalikes } = await lookAtGateways(connection);
        lookalikeJournal.look(lookalikes);
        share(gateways.map(({ gateway }) => gateway));
        sightings.look(gateways, connection, clock.monotonicMs());
        for (const partition of partitions.values()) partition.see(sightings);
      } catch (thrown) {
        sightings.lose();
        if (stopping.signal.aborted) return;
        const failure = GatewayError.from(thrown, "stream.unavailable", "cannot look for gateways");
        logger.debug("gateways were not looked for", { reason: failure.message });
      }
      await sleep(clock, options.discover_every, stopping.signal);
    }
  };

  return {
    start() {
      discovering = discover();
    },
    async stop() {
      stopping.abort();
      await discovering;
      await Promise.all([...partitions.values()].map((partition) => partition.stop()));
    },
    state: () => ({ partitions: [...partitions.values()].map((partition) => partition.state()) }),
  };
}
