/**
 * How far a role is in the streams while it reads them, saved now and then.
 *
 * Invariants
 * - A position is moved by whoever knows that everything up to it is done with, and saved afterwards.
 * - Positions are written over the revision that was read; whoever is refused has to end.
 */
import type { Clock, EpochMs } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { AlertMark } from "./alert-reader.ts";
import type { Backbone } from "./backbone.ts";
import type { GatewayPosition } from "./gateway-reader.ts";
import type { EntryMark } from "./marked-reading.ts";
import type { PositionStore, StoredPositions } from "./reading-positions.ts";

export interface KeptPositionsDependencies {
  readonly backbone: Backbone;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class KeptPositions {
  readonly #store: PositionStore;
  readonly #deps: KeptPositionsDependencies;
  readonly #gateways: Map<string, GatewayPosition>;
  #alerts: AlertMark | undefined;
  #derived: EntryMark | undefined;
  #revision: number;
  #isBehind = false;
  #savedMs: EpochMs | undefined;

  constructor(
    { positions, revision }: StoredPositions,
    store: PositionStore,
    deps: KeptPositionsDependencies,
  ) {
    this.#store = store;
    this.#deps = deps;
    this.#revision = revision;
    this.#gateways = new Map(Object.entries(positions?.gateways ?? {}));
    this.#alerts = positions?.alerts ?? undefined;
    this.#derived = positions?.derived ?? undefined;
  }

  /** When they were saved last, wall clock; undefined before the first time. */
  get savedMs(): EpochMs | undefined {
    return this.#savedMs;
  }

  get streams(): Iterable<string> {
    return this.#gateways.keys();
  }

  of(stream: string): GatewayPosition | undefined {
    return this.#gateways.get(stream);
  }

  move(stream: string, position: GatewayPosition): void {
    this.#gateways.set(stream, position);
    this.#isBehind = true;
  }

  /** Of a gateway whose stream is no more. */
  forget(stream: string): void {
    this.#gateways.delete(stream);
  }

  get alerts(): AlertMark | undefined {
    return this.#alerts;
  }

  moveAlerts(mark: AlertMark): void {
    this.#alerts = mark;
    this.#isBehind = true;
  }

  get derived(): EntryMark | undefined {
    return this.#derived;
  }

  moveDerived(mark: EntryMark): void {
    this.#derived = mark;
    this.#isBehind = true;
  }

  /**
   * Saves what moved since the last time, where the backbone is there; what could not be saved is tried
   * again with the next call. Rejects with `stream.fenced` when somebody else wrote.
   */
  async save(signal: AbortSignal): Promise<void> {
    const { backbone, clock, logger } = this.#deps;
    if (!this.#isBehind || !backbone.connection()) return;
    this.#isBehind = false;
    const positions = {
      format: 1,
      gateways: Object.fromEntries(this.#gateways),
      alerts: this.#alerts ?? null,
      derived: this.#derived ?? null,
    } as const;
    try {
      this.#revision = await this.#store.save(positions, this.#revision, signal);
      this.#savedMs = clock.wallMs();
    } catch (thrown) {
      this.#isBehind = true;
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot save positions");
      if (failure.code === "stream.fenced") throw failure;
      logger.debug("positions were not saved; it is tried again", { reason: failure.message });
    }
  }
}
