/**
 * A lease: which of several processes does what only one may do at a time.
 *
 * No clocks are compared. Who holds it writes its key every few seconds; who wants it watches the
 * revision of the key and takes it once that has stood still for long enough by a clock of its
 * own, or at once where the holder was a process of the same machine that is no more. A holder counts on the lease for a shorter time than that after each write, so one that was
 * stopped or cut off has ended before the next begins. What it had under way then may still
 * arrive: whatever is written under a lease is fenced by a compare-and-set of its own.
 */
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import type { Logger } from "../core/logger.ts";
import type { ProcessMark } from "../core/process-mark.ts";
import type { KeyValueBucket } from "./kv.ts";

const renewEveryMs = 2_000;
const lookEveryMs = 1_000;
/** How long the holder counts on it after a write. */
const countOnMs = 6_000;
/** How long its revision stands still before another takes it; more than the holder counts on. */
const expiresAfterMs = 9_000;
/** How long a stop waits for a backbone that is away. */
const releaseWithinMs = 1_000;

export interface LeaseDependencies {
  readonly bucket: (signal: AbortSignal) => Promise<KeyValueBucket>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of this process; without it others wait longer when it is no more. */
  readonly mark?: ProcessMark;
}

/** Who has it. */
interface Holder {
  /** Drawn anew for each. */
  readonly holder: string;
  readonly mark: string | undefined;
}

/**
 * Waits until the lease is ours, as long as it takes; undefined when the signal came first.
 * `onWaiting` is called while another process holds it.
 */
export async function takeLease(
  key: string,
  signal: AbortSignal,
  deps: LeaseDependencies,
  onWaiting: () => void = () => {},
): Promise<Lease | undefined> {
  const { bucket, clock, logger, mark } = deps;
  const holder: Holder = { holder: crypto.randomUUID(), mark: mark?.own };
  let seen: { readonly revision: number; readonly sinceMs: number } | undefined;
  while (!signal.aborted) {
    try {
      const opened = await bucket(signal);
      const entry = await opened.get(key);
      const revision = entry?.revision ?? 0;
      const nowMs = clock.monotonicMs();
      const stands = seen?.revision === revision && nowMs - seen.sinceMs >= expiresAfterMs;
      const present = entry && holderOf(entry.value);
      const isGone = present?.mark !== undefined && (await mark?.isGone(present.mark));
      if (!entry || !present || stands || isGone)
        return new Lease(key, holder, await opened.put(key, encode(holder), revision), nowMs, deps);
      if (seen?.revision !== revision) seen = { revision, sinceMs: nowMs };
      onWaiting();
    } catch (thrown) {
      // Nobody can renew what cannot be read, so standing still says nothing.
      seen = undefined;
      const { message } = GatewayError.from(thrown, "stream.unavailable", `cannot take ${key}`);
      logger.debug("a lease could not be taken; it is tried again", { key, reason: message });
    }
    await sleep(clock, lookEveryMs, signal);
  }
  return undefined;
}

/** A lease that was taken, and is renewed until it is released or lost. */
export class Lease {
  readonly #key: string;
  readonly #holder: Holder;
  readonly #deps: LeaseDependencies;
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  readonly #renewing: Promise<void>;
  #revision: number;
  #writtenMs: number;

  /** `writtenMs` is when the write that took it began, monotonic. */
  constructor(
    key: string,
    holder: Holder,
    revision: number,
    writtenMs: number,
    deps: LeaseDependencies,
  ) {
    this.#key = key;
    this.#holder = holder;
    this.#revision = revision;
    this.#writtenMs = writtenMs;
    this.#deps = deps;
    this.#renewing = this.#renew();
  }

  /** True while nobody else can have taken it. False may pass: it is renewed as soon as it can be. */
  get held(): boolean {
    const ageMs = this.#deps.clock.monotonicMs() - this.#writtenMs;
    return !this.#lost.signal.aborted && !this.#released.signal.aborted && ageMs < countOnMs;
  }

  /** Aborted once another process has it. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Gives it back, so that whoever waits has it at its next look. */
  async release(): Promise<void> {
    this.#released.abort();
    await this.#renewing;
    if (this.#lost.signal.aborted) return;
    const giveUp = new AbortController();
    const timer = this.#deps.clock.setTimer(releaseWithinMs, () => giveUp.abort());
    // Where this fails it expires.
    await this.#write(encode(undefined), giveUp.signal).catch(() => {});
    timer.cancel();
  }

  async #renew(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#released.signal.aborted && !this.#lost.signal.aborted) {
      await sleep(clock, renewEveryMs, this.#released.signal);
      if (this.#released.signal.aborted) return;
      const beganMs = clock.monotonicMs();
      try {
        await this.#write(encode(this.#holder), this.#released.signal);
        this.#writtenMs = beganMs;
      } catch (thrown) {
        const failure = GatewayError.from(thrown, "stream.unavailable", "cannot renew");
        if (failure.code === "stream.fenced") await this.#lookWhoHasIt();
      }
    }
  }

  async #write(value: Uint8Array, signal: AbortSignal): Promise<void> {
    const bucket = await this.#deps.bucket(signal);
    this.#revision = await bucket.put(this.#key, value, this.#revision);
  }

  /** A write that seemed to fail may have been made: then the revision is ours all the same. */
  async #lookWhoHasIt(): Promise<void> {
    try {
      const bucket = await this.#deps.bucket(this.#released.signal);
      const entry = await bucket.get(this.#key);
      if (entry && holderOf(entry.value)?.holder === this.#holder.holder)
        this.#revision = entry.revision;
      else this.#lost.abort();
    } catch {
      // Looked at again when the next write is refused.
    }
  }
}

function encode(holder: Holder | undefined): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(holder ?? { holder: null }));
}

/** Undefined when nobody holds it, or the value is none of ours. */
function holderOf(value: Uint8Array): Holder | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(value));
    if (!isObject(parsed) || typeof parsed["holder"] !== "string") return undefined;
    const { holder, mark } = parsed;
    return { holder, mark: typeof mark === "string" ? mark : undefined };
  } catch {
    return undefined;
  }
}
