/**
 * The roll of the processes of one role on a backbone: each renews an entry of its own, and looks at all others.
 *
 * No clocks are compared. An entry that stood still for long, by the clock of one who looked all the
 * time, is struck off; so is one whose process is no more on the same machine. Striking off names the
 * revision that stood still, like each renewal: one of the two is refused, and so everybody knows the
 * same. Who finds itself struck off was away, and is given its share again only once it was there for
 * a while: one that comes and goes must not take the others along.
 */
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { ProcessMark } from "../core/process-mark.ts";
import type { KeyValueBucket } from "./kv.ts";
import { encodeEntry, parseEntry, type RollEntry } from "./roll-entry.ts";
import { Company } from "./share-out.ts";

const renewEveryMs = 2_000;
/** How long an entry stands still before it is struck off. */
const expiresAfterMs = 9_000;
/**
 * So much of the time between two looks counts. Where all stood still together, such as a whole machine,
 * the others have their turn before it is enough; where looks take long, since there is much else to
 * do, it comes to be enough all the same.
 */
const longestBreakMs = 3_000;
/** A newcomer among others is given its share after so long. */
const settlesAfterMs = 5_000;
/** One that was struck off is, after twice as long each time. */
const settlesAgainAfterMs = 30_000;
const settlesAtLastMs = 300_000;
/** Of all that are on the roll; many times what shares the work of a role. */
const mostMembers = 256;
/** How long one that was struck off is kept, so that it finds out. */
const keptStruckMs = 60_000;

export interface RollDependencies {
  /** `processor`: what keys of the bucket begin with, and what people call each of them. */
  readonly role: string;
  readonly bucket: (signal: AbortSignal) => Promise<KeyValueBucket>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** See `RollEntry`. */
  readonly name: string;
  readonly mark: ProcessMark;
}

/** What there is to know of the others. */
export interface Colleagues {
  /** Says what this process holds and what does not go, and who is there. Rejects while the backbone is away. */
  call(
    holds: RollEntry["holds"],
    signal: AbortSignal,
    troubles?: RollEntry["troubles"],
  ): Promise<Company>;
  /** Says goodbye. */
  leave(signal: AbortSignal): Promise<void>;
}

/** An entry as it was seen last. */
interface Sight {
  readonly revision: number;
  readonly seenMs: number;
  /** For how long it was seen to stand still. */
  readonly stoodMs: number;
}

export class Roll implements Colleagues {
  readonly #deps: RollDependencies;
  readonly #id = crypto.randomUUID();
  readonly #sights = new Map<string, Sight>();
  /** Keys of entries that none of them wrote. */
  readonly #strangers = new Set<string>();
  #isCrowded = false;
  #revision = 0;
  #written = "";
  #writtenMs = Number.NEGATIVE_INFINITY;
  /** When it can be given its share; undefined before it knows whether others are there. */
  #settlesMs: number | undefined;
  #waitMs = settlesAgainAfterMs;
  #present: ReadonlySet<string> = new Set();

  constructor(deps: RollDependencies) {
    this.#deps = deps;
  }

  get #ownKey(): string {
    return `${this.#deps.role}.${this.#id}`;
  }

  async call(
    holds: RollEntry["holds"],
    signal: AbortSignal,
    troubles: RollEntry["troubles"] = {},
  ): Promise<Company> {
    const { bucket, clock } = this.#deps;
    try {
      const opened = await bucket(signal);
      const others = await this.#lookAround(opened);
      const nowMs = clock.monotonicMs();
      const isFirst = !others.some(({ isSettled }) => isSettled);
      this.#settlesMs ??= isFirst ? nowMs : nowMs + settlesAfterMs;
      if (isFirst) this.#settlesMs = Math.min(this.#settlesMs, nowMs);
      const own = this.#entry(holds, nowMs);
      const told = Object.keys(troubles).length > 0 ? { ...own, troubles } : own;
      await this.#renew(opened, told, nowMs);
      return new Company(this.#entry(holds, nowMs), others);
    } catch (thrown) {
      this.#sights.clear();
      this.#strangers.clear();
      throw thrown;
    }
  }

  async leave(signal: AbortSignal): Promise<void> {
    await (await this.#deps.bucket(signal)).remove(this.#ownKey);
  }

  #entry(holds: RollEntry["holds"], nowMs: number): RollEntry {
    const { mark, name } = this.#deps;
    const { own } = mark;
    const isSettled = nowMs >= (this.#settlesMs ?? Number.POSITIVE_INFINITY);
    return { id: this.#id, name, ...(own !== undefined && { mark: own }), isSettled, holds };
  }

  /** Writes the own entry where it says something new, or has stood for long enough. */
  async #renew(bucket: KeyValueBucket, own: RollEntry, nowMs: number): Promise<void> {
    const text = JSON.stringify(own);
    if (text === this.#written && nowMs - this.#writtenMs < renewEveryMs) return;
    this.#written = "";
    try {
      this.#revision = await bucket.put(this.#ownKey, encodeEntry(own), this.#revision);
    } catch (thrown) {
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot renew");
      if (failure.code !== "stream.fenced") throw failure;
      return this.#lookAtOwn(bucket, nowMs);
    }
    this.#written = text;
    this.#writtenMs = nowMs;
  }

  /** A write that seemed to fail may have been made; otherwise this one was struck off. */
  async #lookAtOwn(bucket: KeyValueBucket, nowMs: number): Promise<void> {
    const { logger, role } = this.#deps;
    const found = await bucket.get(this.#ownKey);
    this.#revision = found?.revision ?? 0;
    const entry = found && parseEntry(found.value);
    if (entry && !entry.isStruck) return;
    this.#settlesMs = nowMs + this.#waitMs;
    logger.warn(`this ${role} was away and its shares of the work were given to others`, {
      waitsMs: this.#waitMs,
    });
    this.#waitMs = Math.min(settlesAtLastMs, 2 * this.#waitMs);
  }

  /** The others that are there; those that are there no more are struck off. */
  async #lookAround(bucket: KeyValueBucket): Promise<readonly RollEntry[]> {
    const { logger, role } = this.#deps;
    const keys = this.#within(await bucket.keys(`${role}.*`));
    const present = (await Promise.all(keys.map((key) => this.#look(bucket, key)))).flatMap(
      (entry) => entry ?? [],
    );
    for (const key of this.#sights.keys())
      if (!keys.includes(key)) {
        this.#sights.delete(key);
        this.#strangers.delete(key);
      }
    const before = this.#present;
    this.#present = new Set(present.map(({ id, name }) => `${name} ${id}`));
    for (const other of this.#present)
      if (!before.has(other)) logger.info(`another ${role} is there`, { [role]: other });
    for (const other of before)
      if (!this.#present.has(other)) logger.info(`another ${role} is gone`, { [role]: other });
    return present;
  }

  /** Keys of others; where there are more than ever, those first that were there before. */
  #within(all: readonly string[]): readonly string[] {
    const others = all.filter((key) => key !== this.#ownKey);
    if (others.length <= mostMembers) return others;
    const { logger, role } = this.#deps;
    if (!this.#isCrowded)
      logger.warn(`more ${role}s are on the roll than are looked at: somebody else writes there`, {
        key: `${role}.*`,
        entries: others.length,
        lookedAt: mostMembers,
      });
    this.#isCrowded = true;
    const isKnown = (key: string): boolean => this.#sights.has(key) && !this.#strangers.has(key);
    return [...others.filter(isKnown), ...others.filter((key) => !isKnown(key))].slice(
      0,
      mostMembers,
    );
  }

  /** What a key holds; undefined, with a warning for each, for what none of them wrote. */
  #entryOf(key: string, value: Uint8Array): RollEntry | undefined {
    const entry = parseEntry(value);
    if (entry || this.#strangers.has(key)) return entry;
    this.#strangers.add(key);
    this.#deps.logger.warn("an entry of the roll is none of ours; it is passed over", {
      key,
      bytes: value.length,
    });
    return undefined;
  }

  /** Undefined for one that is not there. */
  async #look(bucket: KeyValueBucket, key: string): Promise<RollEntry | undefined> {
    const found = await bucket.get(key);
    if (!found) return undefined;
    const { clock, mark } = this.#deps;
    const entry = this.#entryOf(key, found.value);
    const nowMs = clock.monotonicMs();
    const { revision } = found;
    const before = this.#sights.get(key);
    const passedMs = Math.min(longestBreakMs, nowMs - (before?.seenMs ?? nowMs));
    const stoodMs = before?.revision === revision ? before.stoodMs + passedMs : 0;
    this.#sights.set(key, { revision, seenMs: nowMs, stoodMs });
    if (!entry || entry.isStruck) {
      // It stays where that fails, and is no reason not to look at the others.
      if (stoodMs >= keptStruckMs) await bucket.remove(key).catch(() => {});
      return undefined;
    }
    const hasEnded = entry.mark !== undefined && (await mark.isGone(entry.mark));
    if (!hasEnded && stoodMs < expiresAfterMs) return entry;
    return (await this.#strike(bucket, key, entry, revision)) ? undefined : entry;
  }

  /** False where it was renewed meanwhile. */
  async #strike(
    bucket: KeyValueBucket,
    key: string,
    entry: RollEntry,
    revision: number,
  ): Promise<boolean> {
    try {
      await bucket.put(key, encodeEntry({ ...entry, holds: {}, isStruck: true }), revision);
      return true;
    } catch (thrown) {
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot strike off");
      if (failure.code !== "stream.fenced") throw failure;
      return false;
    }
  }
}
