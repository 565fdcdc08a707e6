/** One partition of sites that fell to this processor: taken, lost to another process, taken again. */
import { type EpochMs, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { StreamSeq } from "../core/ids.ts";
import { Backoff } from "../core/retry.ts";
import type { DiscoveredGateway, SeenGateway } from "../stream/discover-gateways.ts";
import type { BoundCounts } from "./bound-journal.ts";
import { type CheckpointStore, createCheckpointStore } from "./checkpoint.ts";
import type { AskedRules, FailingRule } from "./engine.ts";
import type { GatewaySightings } from "./gateway-sightings.ts";
import type { MishapState } from "./mishaps.ts";
import type { OpenAlerts } from "./open-alerts.ts";
import { Tenancy } from "./tenancy.ts";
import type { TenancyDependencies, TenancyStart } from "./tenancy-start.ts";

/** Two processes that want the same partition must not take turns all the time. */
const backoffLimits = { baseMs: 1_000, maxMs: 30_000 };
/** After a stay this long nobody else can be said to want it. */
const longStayMs = 60_000;

/** A partition as people see it. */
export interface PartitionState {
  readonly partition: number;
  /** False while another process has it, or while the backbone is away. */
  readonly held: boolean;
  /** Since when; undefined while it is not held. */
  readonly sinceMs: EpochMs | undefined;
  readonly checkpointMs: EpochMs | undefined;
  /** What could not be taken in, since the first checkpoint there was; undefined while not held. */
  readonly mishaps: MishapState | undefined;
  /** What the rules counted since the partition was taken: samples, and what a bound left out. */
  readonly rules: BoundCounts | undefined;
  /** Devices whose samples were passed over or whose clock was set back, the worst 50. */
  readonly devices: readonly object[] | undefined;
  /** Rules that fail with what some device sent; absent where none does. */
  readonly failingRules?: readonly FailingRule[];
  /** Undefined while not held. */
  readonly firing: OpenAlerts | undefined;
  readonly gateways: readonly (DiscoveredGateway & { readonly readUpTo: StreamSeq | undefined })[];
}

export class Partition {
  readonly #partition: number;
  readonly #deps: TenancyDependencies;
  readonly #store: CheckpointStore;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #gateways: readonly SeenGateway[] = [];
  #tenancy: Tenancy | undefined;
  /** The checkpoint that this stay began with. */
  #revision = 0;
  /** A checkpoint from which the rules could not go on. */
  #unusable: number | undefined;
  /** How often the rules became others. */
  #renewals = 0;
  #sinceMs: EpochMs | undefined;

  constructor(partition: number, deps: TenancyDependencies) {
    const { backbone, backboneOptions, random } = deps;
    this.#partition = partition;
    this.#deps = deps;
    this.#store = createCheckpointStore(partition, backbone, backboneOptions, random);
    this.#ended = this.#run();
  }

  /** The gateways of this partition, all of them; to be told again from time to time. */
  follow(gateways: readonly SeenGateway[]): void {
    this.#gateways = gateways;
    this.#tenancy?.follow(gateways);
  }

  /** Tells what was seen of all streams; to be called after `follow`. */
  see(sightings: GatewaySightings): void {
    this.#tenancy?.see(sightings);
  }

  /** For those who ask; undefined while it is not held. */
  get rules(): AskedRules | undefined {
    return this.#tenancy?.rules;
  }

  /**
   * The rules are others from now on: the stay ends with a checkpoint, and another one begins there,
   * as after a restart. The partition stays this processor's meanwhile.
   */
  renew(): void {
    this.#renewals += 1;
    this.#tenancy?.stop();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#tenancy?.stop();
    await this.#ended;
  }

  state(): PartitionState {
    const tenancy = this.#tenancy;
    const failingRules = tenancy?.rules.failingRules() ?? [];
    return {
      partition: this.#partition,
      held: tenancy !== undefined,
      sinceMs: tenancy && this.#sinceMs,
      checkpointMs: tenancy?.savedMs,
      mishaps: tenancy?.mishaps,
      rules: tenancy?.counts,
      devices: tenancy?.devicesInTrouble,
      ...(failingRules.length > 0 && { failingRules }),
      firing: tenancy?.firing,
      gateways: this.#gateways.map(({ gateway }) => ({
        ...gateway,
        readUpTo: tenancy?.position(gateway.stream)?.mark.streamSeq,
      })),
    };
  }

  async #run(): Promise<void> {
    const { clock, random } = this.#deps;
    const signal = this.#stopping.signal;
    const backoff = new Backoff(backoffLimits, random);
    while (!signal.aborted) {
      const enteredMs = clock.monotonicMs();
      const renewals = this.#renewals;
      try {
        const tenancy = await this.#enter(signal);
        if (this.#renewals !== renewals) tenancy.stop();
        await tenancy.run();
      } catch (thrown) {
        if (!signal.aborted) this.#report(thrown);
        const isBug = thrown instanceof GatewayError && thrown.code === "internal.bug";
        const tenancy = this.#tenancy;
        if (isBug && tenancy && tenancy.savedMs === undefined) this.#unusable = this.#revision;
      }
      this.#tenancy = undefined;
      if (clock.monotonicMs() - enteredMs > longStayMs) backoff.reset();
      if (this.#renewals === renewals) await sleep(clock, backoff.nextMs(), signal);
    }
  }

  async #enter(signal: AbortSignal): Promise<Tenancy> {
    const { createEngine, logger } = this.#deps;
    const partition = this.#partition;
    const { revision, checkpoint, damage } = await this.#store.load(signal);
    let reason = damage;
    let start: TenancyStart | undefined;
    try {
      if (checkpoint && revision === this.#unusable) reason = "nothing could be done from it";
      else if (checkpoint)
        start = { partition, checkpoint, engine: await createEngine(checkpoint.memory) };
    } catch (thrown) {
      reason = String(thrown);
    }
    if (reason !== undefined)
      logger.error("a checkpoint cannot be used; everything held is read again", {
        partition,
        reason,
      });
    start ??= { partition, checkpoint: undefined, engine: await createEngine() };
    const tenancy = new Tenancy(start, revision, this.#store, this.#deps);
    logger.info("partition taken", { partition, revision });
    this.#tenancy = tenancy;
    this.#revision = revision;
    this.#sinceMs = this.#deps.clock.wallMs();
    if (signal.aborted) tenancy.stop();
    else tenancy.follow(this.#gateways);
    return tenancy;
  }

  #report(thrown: unknown): void {
    const { counters, logger } = this.#deps;
    const { code, message } = GatewayError.from(thrown, "stream.unavailable", "partition left");
    const fields = { partition: this.#partition, code, reason: message };
    if (code === "stream.fenced") {
      counters.fenced.add();
      logger.warn("partition left: another process writes its checkpoint", fields);
    } else if (code === "internal.bug")
      logger.error("partition left: it is taken again from its checkpoint", fields);
    else logger.warn("partition not taken yet", fields);
  }
}
