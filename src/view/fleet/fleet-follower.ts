/**
 * Keeps up with all gateways: which there are, and what each says. The last word of each device comes
 * first, so a start costs as much as there are devices, not as much as there is history.
 */
import { type EpochMs, sleep } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Origin } from "../../core/event.ts";
import type { DeviceId, GatewayId } from "../../core/ids.ts";
import { type DiscoveredGateway, lookAtGateways } from "../../stream/discover-gateways.ts";
import { LastAndNew } from "../../stream/last-and-new.ts";
import { SteadyReader, type SteadyReaderDependencies } from "../../stream/steady-reader.ts";
import { FleetRoom } from "./fleet-room.ts";
import { GatewayView } from "./gateway-view.ts";

const lookEveryMs = 5_000;
const mostDevices = 131_072;
/** A gateway that is there writes a watermark every five seconds at least; looks are as far apart. */
const awayAfterMs = 15_000;
/** Messages on their way at once, over all gateways. */
const totalInFlight = 5_000;
const fewestInFlight = 50;
const mostInFlight = 1_000;

export interface FleetFollowerDependencies extends SteadyReaderDependencies {
  /** Whose rows are others than they were; all of a gateway where no device is named. */
  readonly onChange: (origin: Origin, device: DeviceId | undefined) => void;
}

/** A gateway as it is followed. */
export interface FollowedGateway {
  readonly gateway: DiscoveredGateway;
  readonly view: GatewayView;
  /** Since when nothing was added to its stream, monotonic. */
  readonly quietSinceMs: number;
  readonly lastStoredMs: EpochMs | undefined;
}

interface Following extends FollowedGateway {
  view: GatewayView;
  quietSinceMs: number;
  lastStoredMs: EpochMs | undefined;
  lastSeq: number;
  readonly ending: AbortController;
  readonly reading: Promise<void>;
}

export class FleetFollower {
  readonly room = new FleetRoom(mostDevices);
  readonly #deps: FleetFollowerDependencies;
  readonly #stopping = new AbortController();
  readonly #gateways = new Map<GatewayId, Following>();
  readonly #looking: Promise<void>;

  constructor(deps: FleetFollowerDependencies) {
    this.#deps = deps;
    this.#looking = this.#look();
  }

  get gateways(): Iterable<FollowedGateway> {
    return this.#gateways.values();
  }

  get(gateway: GatewayId): FollowedGateway | undefined {
    return this.#gateways.get(gateway);
  }

  /** True for one that has said nothing for long, as far as that could be seen. */
  isAway({ quietSinceMs }: FollowedGateway): boolean {
    return this.#deps.clock.monotonicMs() - quietSinceMs > awayAfterMs;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    const all = [...this.#gateways.values()];
    for (const { ending } of all) ending.abort();
    await Promise.all(all.map(({ reading }) => reading));
  }

  async #look(): Promise<void> {
    const { backbone, clock, logger } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const { gateways } = await lookAtGateways(await backbone.connected(signal));
        const present = new Set(gateways.map(({ gateway }) => gateway.gateway));
        for (const [name, following] of this.#gateways)
          if (!present.has(name)) await this.#end(following);
        for (const { gateway, lastSeq, lastStoredMs } of gateways) {
          const following = this.#gateways.get(gateway.gateway) ?? this.#begin(gateway);
          following.lastStoredMs = lastStoredMs;
          if (following.lastSeq !== lastSeq) following.quietSinceMs = clock.monotonicMs();
          following.lastSeq = lastSeq;
        }
      } catch (thrown) {
        if (signal.aborted) return;
        // Nobody saw whether they spoke.
        for (const following of this.#gateways.values())
          following.quietSinceMs = clock.monotonicMs();
        const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot look");
        logger.debug("gateways were not looked for", { reason: message });
      }
      await sleep(clock, lookEveryMs, signal);
    }
  }

  #begin(gateway: DiscoveredGateway): Following {
    const ending = new AbortController();
    const following: Following = {
      ...{ gateway, ending, lastSeq: -1, lastStoredMs: undefined },
      view: new GatewayView(gateway, this.room),
      quietSinceMs: this.#deps.clock.monotonicMs(),
      reading: Promise.resolve().then(() => this.#read(following)),
    };
    this.#gateways.set(gateway.gateway, following);
    return following;
  }

  async #read(following: Following): Promise<void> {
    const { onChange } = this.#deps;
    const { ending, gateway } = following;
    const plan = new LastAndNew(gateway, {
      messagesInFlight: () => this.#messagesInFlight(),
      onAnew: () => {
        following.view.forget();
        following.view = new GatewayView(gateway, this.room);
        onChange(gateway, undefined);
      },
    });
    const reader = new SteadyReader(plan, ending.signal, this.#deps);
    for (let batch = await reader.next(); batch; batch = await reader.next())
      for (const event of batch) {
        const changed = following.view.take(event);
        if (changed !== undefined) onChange(gateway, changed);
      }
  }

  async #end(following: Following): Promise<void> {
    following.ending.abort();
    await following.reading;
    following.view.forget();
    this.#gateways.delete(following.gateway.gateway);
    this.#deps.onChange(following.gateway, undefined);
  }

  #messagesInFlight(): number {
    const share = Math.floor(totalInFlight / Math.max(1, this.#gateways.size));
    return Math.min(mostInFlight, Math.max(fewestInFlight, share));
  }
}
