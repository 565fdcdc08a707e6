/** One share of the work for a target: the gateways and alerts of some sites, for as long as it falls here. */
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { alertsStream } from "../core/subject.ts";
import type { DiscoveredGateway } from "../stream/discover-gateways.ts";
import { KeptPositions } from "../stream/kept-positions.ts";
import { isEntryMark, isGatewayPosition } from "../stream/position-shape.ts";
import { createPositionStore, type PositionStore } from "../stream/reading-positions.ts";
import { BatchCarrier } from "./batch-carrier.ts";
import type { Carrier } from "./carrier.ts";
import { LaneCarrier } from "./lane-carrier.ts";
import { type BatchSession, LinkTrouble } from "./link.ts";
import { positionsKey, type ShareName } from "./share-name.ts";
import { Stay, type StayDependencies } from "./stay.ts";
import type { Target } from "./target.ts";

export interface ShareDependencies
  extends Omit<StayDependencies, "wanted" | "alertsOf" | "isOwnEcho" | "tellMissed"> {
  readonly wanted: StayDependencies["wanted"];
  readonly isOwnEcho: StayDependencies["isOwnEcho"];
  /** False while another process may have this share. */
  readonly mayWrite: () => boolean;
}

export class Share {
  readonly #name: ShareName;
  readonly #target: Target;
  readonly #deps: ShareDependencies;
  readonly #store: PositionStore;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #gateways: readonly DiscoveredGateway[] = [];
  #stay: Stay | undefined;
  #kept: KeptPositions | undefined;

  constructor(name: ShareName, target: Target, deps: ShareDependencies) {
    const { backbone, backboneOptions, random } = deps;
    this.#name = name;
    this.#target = target;
    this.#deps = deps;
    this.#store = createPositionStore(positionsKey(name), backbone, backboneOptions, random);
    this.#running = this.#run();
  }

  /** The gateways of this share, all of them; to be told again from time to time. */
  follow(gateways: readonly DiscoveredGateway[]): void {
    this.#gateways = gateways;
    this.#stay?.follow(gateways);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stay?.stop();
    await this.#running;
  }

  get waiting(): number {
    return this.#stay?.waiting ?? 0;
  }

  /** Undefined before the first stay. */
  get positions(): KeptPositions | undefined {
    return this.#kept;
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#deps;
    const { health, options, pace } = this.#target;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (pace.restMs > 0) await sleep(clock, pace.restMs, signal);
      if (signal.aborted) return;
      try {
        await this.#work(signal);
      } catch (thrown) {
        if (signal.aborted) return;
        const trouble = troubleOf(thrown);
        pace.noteTrouble(trouble);
        if (thrown instanceof LinkTrouble) health.noteTrouble(trouble.reason);
        else
          logger.warn("a share of the work is left for now", {
            target: options.name,
            partition: this.#name.partition,
            reason: trouble.reason,
          });
      }
    }
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { logger } = this.#deps;
    const stored = await this.#store.load(signal);
    if (stored.damage !== undefined)
      logger.error("positions cannot be read; everything held is carried again", {
        target: this.#target.options.name,
        reason: stored.damage,
      });
    const kept = new KeptPositions(stored, this.#store, this.#deps);
    this.#kept = kept;
    const link = await this.#target.link();
    if (link.kind === "letters") return this.#stayIn(kept, new LaneCarrier(link, this.#laneDeps));
    const session = await link.begin(String(this.#name.partition), signal);
    try {
      takeOver(kept, session);
      this.#target.health.noteWell();
      await this.#stayIn(kept, new BatchCarrier(session, this.#batchDeps));
    } finally {
      await session.end();
    }
  }

  async #stayIn(kept: KeptPositions, carrier: Carrier): Promise<void> {
    const { what } = this.#target.options;
    const stay = new Stay(kept, carrier, {
      ...this.#deps,
      alertsOf: what.alerts ? this.#name.partition : undefined,
      tellMissed: (missed, stream, ended) => this.#target.tellMissed(missed, stream, ended),
    });
    this.#stay = stay;
    if (this.#stopping.signal.aborted) stay.stop();
    else stay.follow(this.#gateways);
    try {
      await stay.run();
    } finally {
      this.#stay = undefined;
      stay.stop();
    }
  }

  get #laneDeps() {
    const { counters, health, pace } = this.#target;
    return { ...this.#carrierDeps, health, pace, onTaken: () => counters.note("carried", 1) };
  }

  get #batchDeps() {
    const { counters, health, pace } = this.#target;
    const onTaken = (letters: number): void => {
      counters.note("carried", letters);
      pace.noteTaken();
      health.noteWell();
    };
    return { ...this.#carrierDeps, onTaken };
  }

  get #carrierDeps() {
    const { clock, mayWrite, messagesInFlight: mostLetters, random } = this.#deps;
    const target = this.#target;
    return {
      ...{ clock, random, mayWrite, mostLetters },
      setAside: target.setAside.bind(target),
      skipped: target.whySkipped.bind(target),
    };
  }
}

/** The target knows best what it has; where it knows nothing of a stream, what we kept counts. */
function takeOver(kept: KeptPositions, { positions }: BatchSession): void {
  for (const [stream, position] of positions) {
    if (!isObject(position)) continue;
    if (stream === alertsStream) {
      if (isEntryMark(position)) kept.moveAlerts(position);
    } else if (isGatewayPosition(position)) kept.move(stream, position);
  }
}

function troubleOf(thrown: unknown) {
  if (thrown instanceof LinkTrouble) return thrown.trouble;
  const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot go on");
  return { kind: "trouble", reason: message } as const;
}
