/**
 * Tells one receiver of everything in the alerts stream, from a cursor on, until the stop or until
 * another process moves the cursor.
 *
 * Transitions of one instance go one after the other; instances do not wait for each other, up to
 * a bound. So what was told is no simple front: the cursor names the last transition before which
 * everything is done with, and for each instance how far it was told.
 *
 * Invariants
 * - The cursor's mark never passes a transition that is neither delivered nor given up.
 * - A receiver is told of each instance's transitions in their order.
 */
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import {
  type AlertMark,
  type AlertReaderDependencies,
  openAlertReader,
  type ReadTransition,
} from "../stream/alert-reader.ts";
import { type DeliveryDependencies, deliverTransition } from "./deliver-transition.ts";
import type { CursorStore, ReceiverCursor } from "./receiver-cursor.ts";
import { ToldTransitions } from "./told-transitions.ts";

/** Transitions under way at once, each waiting for the receiver or for one before it. */
const maxUnderWay = 32;
/** How far the reading may be ahead of the first that is not done with. */
const maxAhead = 5_000;
/** What a crash may tell again. */
const saveEveryMs = 500;
/** A receiver without a cursor is not told of what we learned longer ago: it is old news. */
const newReceiverLooksBackMs = 3_600_000;

export interface CourierDependencies extends AlertReaderDependencies {
  readonly delivery: DeliveryDependencies;
}

interface Admitted {
  readonly mark: AlertMark;
  done: boolean;
}

export class Courier {
  readonly #store: CursorStore;
  readonly #deps: CourierDependencies;
  readonly #told: ToldTransitions;
  readonly #oldNewsMs: number;
  /** From the first that is not done with on, in the order of the stream. */
  readonly #ahead: Admitted[] = [];
  #underWay = 0;
  /** By instance, the end of its last delivery. */
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #mark: AlertMark | null;
  #revision: number;
  #changed = false;
  #makeRoom: () => void = () => {};

  constructor(
    cursor: ReceiverCursor | undefined,
    revision: number,
    store: CursorStore,
    deps: CourierDependencies,
  ) {
    this.#store = store;
    this.#deps = deps;
    this.#revision = revision;
    this.#mark = cursor?.mark ?? null;
    this.#told = new ToldTransitions(cursor?.told ?? {});
    this.#oldNewsMs = cursor
      ? Number.NEGATIVE_INFINITY
      : deps.clock.wallMs() - newReceiverLooksBackMs;
  }

  /** Transitions read and not done with. */
  get waiting(): number {
    return this.#underWay;
  }

  /** Resolves after `stop`; rejects with `stream.fenced` when another process tells the receiver. */
  async run(): Promise<void> {
    const reading = this.#read();
    try {
      while (!this.#stopping.signal.aborted) {
        await sleep(this.#deps.clock, saveEveryMs, this.#stopping.signal);
        if (!this.#stopping.signal.aborted) await this.#save();
      }
    } finally {
      this.stop();
      await reading;
      await Promise.all(this.#lanes.values());
    }
    await this.#save();
  }

  stop(): void {
    this.#stopping.abort();
    this.#makeRoom();
  }

  async #read(): Promise<void> {
    const reader = openAlertReader(this.#mark ?? undefined, this.#stopping.signal, this.#deps);
    for (let batch = await reader.next(); batch; batch = await reader.next())
      for (const entry of batch) {
        if (this.#stopping.signal.aborted) return;
        this.#admit(entry);
        if (this.#hasRoom()) continue;
        await new Promise<void>((resolve) => {
          this.#makeRoom = resolve;
        });
      }
  }

  #admit({ mark, transition }: ReadTransition): void {
    const entry = { mark, done: false };
    this.#ahead.push(entry);
    this.#underWay += 1;
    const oldNews = Date.parse(transition.observed_at) < this.#oldNewsMs;
    if (oldNews && !this.#told.has(transition)) this.#told.add(transition);
    const before = this.#lanes.get(transition.instance);
    // Most of what is read again after a restart is known at once.
    if (!before && this.#told.has(transition)) {
      this.#finish(entry);
      return;
    }

    const tell = async (): Promise<void> => {
      await before;
      const done =
        this.#told.has(transition) ||
        (await deliverTransition(transition, this.#stopping.signal, this.#deps.delivery));
      if (!done) return;
      if (!this.#told.has(transition)) this.#told.add(transition);
      this.#finish(entry);
    };
    const lane = tell().then(() => {
      if (this.#lanes.get(transition.instance) === lane) this.#lanes.delete(transition.instance);
    });
    this.#lanes.set(transition.instance, lane);
  }

  #finish(entry: Admitted): void {
    entry.done = true;
    this.#underWay -= 1;
    this.#changed = true;
    while (this.#ahead[0]?.done) this.#mark = this.#ahead.shift()?.mark ?? null;
    if (this.#hasRoom()) this.#makeRoom();
  }

  #hasRoom(): boolean {
    return this.#underWay < maxUnderWay && this.#ahead.length < maxAhead;
  }

  async #save(): Promise<void> {
    if (!this.#changed || !this.#deps.backbone.connection()) return;
    this.#changed = false;
    const cursor = { format: 1, mark: this.#mark, told: this.#told.state() } as const;
    try {
      const signal = new AbortController().signal;
      this.#revision = await this.#store.save(cursor, this.#revision, signal);
    } catch (thrown) {
      this.#changed = true;
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot save a cursor");
      if (failure.code === "stream.fenced") throw failure;
      this.#deps.logger.warn("a receiver's cursor was not saved; it is tried again", {
        receiver: this.#deps.delivery.name,
        reason: failure.message,
      });
    }
  }
}
