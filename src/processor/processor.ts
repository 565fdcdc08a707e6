/**
 * Evaluates alert rules over the streams of all gateways.
 *
 * Sites are spread over a fixed number of partitions, each with a rule engine and a checkpoint of
 * its own. The partitions in which there are gateways, or were, are shared out among the processors
 * that are there.
 */
import { type EpochMs, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { partitionOf } from "../core/subject.ts";
import { lookAtGateways, type SeenGateway } from "../stream/discover-gateways.ts";
import type { Colleagues } from "../stream/roll.ts";
import type { HeldElsewhere } from "../stream/share-out.ts";
import { Shares } from "../stream/shares.ts";
import { createCheckpointList } from "./checkpoint.ts";
import type { AskedRules } from "./engine.ts";
import { GatewaySightings } from "./gateway-sightings.ts";
import { LookalikeJournal } from "./lookalike-journal.ts";
import { Partition, type PartitionState } from "./partition.ts";
import { createProcessorCounters } from "./processor-counters.ts";
import type { TenancyDependencies } from "./tenancy-start.ts";

/** Who else has a partition. */
export interface PartitionElsewhere {
  readonly partition: number;
  readonly processor: string;
  readonly sinceMs: EpochMs;
}

export interface ProcessorState {
  /** Those that fell to this processor. */
  readonly partitions: readonly PartitionState[];
  /** Those that other processors hold. */
  readonly elsewhere: readonly PartitionElsewhere[];
}

/** The running role. */
export interface Processor {
  /** Begins in the background; never fails, waits for the backbone as long as it takes. Once. */
  start(): void;
  /** Writes last checkpoints where that is possible within a few seconds. */
  stop(): Promise<void>;
  /** `createEngine` gives engines with other rules from now on: every partition goes on with one. */
  renew(): void;
  state(): ProcessorState;
  /** Of each partition that it holds, what people may ask. */
  rules(): readonly AskedRules[];
}

export interface ProcessorDependencies
  extends Omit<TenancyDependencies, "counters" | "messagesInFlight"> {
  /** The other processors on the backbone. */
  readonly colleagues: Colleagues;
}

/** Messages on their way at once, over all gateways. */
const totalInFlight = 10_000;
const fewestInFlight = 50;
const mostInFlight = 2_000;

export function createProcessor(deps: ProcessorDependencies): Processor {
  const counters = createProcessorCounters(deps.metrics);
  const stopping = new AbortController();
  const keptPartitions = createCheckpointList(deps.backbone, deps.backboneOptions);
  let shares: Shares<Partition> | undefined;
  let discovering: Promise<void> = Promise.resolve();

  let gateways: readonly SeenGateway[] = [];
  const messagesInFlight = (): number => {
    const share = Math.floor(totalInFlight / Math.max(1, gateways.length));
    return Math.min(mostInFlight, Math.max(fewestInFlight, share));
  };
  const ofPartition = (number: number): SeenGateway[] =>
    gateways.filter(({ gateway }) => partitionOf(gateway.site) === number);

  const open = (name: string): Partition => {
    const number = Number(name);
    const partition = new Partition(number, { ...deps, counters, messagesInFlight });
    partition.follow(ofPartition(number));
    return partition;
  };

  const discover = async (present: Shares<Partition>): Promise<void> => {
    const { backbone, clock, logger, options } = deps;
    const sightings = new GatewaySightings(options.discover_every);
    const lookalikeJournal = new LookalikeJournal(logger);
    while (!stopping.signal.aborted) {
      try {
        const connection = await backbone.connected(stopping.signal);
        const { gateways: seen, lookalikes } = await lookAtGateways(connection);
        lookalikeJournal.look(lookalikes);
        gateways = seen;
        present.want(seen.map(({ gateway }) => String(partitionOf(gateway.site))));
        // All of whose gateways are gone may still have alerts that nobody else ends.
        present.want((await keptPartitions(stopping.signal)).map(String));
        for (const [name, partition] of present.held) partition.follow(ofPartition(Number(name)));
        sightings.look(seen, connection, clock.monotonicMs());
        for (const [, partition] of present.held) partition.see(sightings);
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
      shares = new Shares({ ...deps, open });
      discovering = discover(shares);
    },
    async stop() {
      stopping.abort();
      await discovering;
      await shares?.stop();
    },
    rules: () => Array.from(shares?.held ?? [], ([, { rules }]) => rules ?? []).flat(),
    renew() {
      for (const [, partition] of shares?.held ?? []) partition.renew();
    },
    state: () => ({
      partitions: Array.from(shares?.held ?? [], ([, partition]) => partition.state()),
      elsewhere: partitionsOf(shares?.elsewhere ?? []),
    }),
  };
}

function partitionsOf(elsewhere: readonly HeldElsewhere[]): PartitionElsewhere[] {
  return elsewhere
    .map(({ holder, share, sinceMs }) => ({ partition: Number(share), processor: holder, sinceMs }))
    .sort((one, other) => one.partition - other.partition);
}
