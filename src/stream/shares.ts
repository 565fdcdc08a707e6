/**
 * Which shares of the work of a role this process does: those that fall to it among all that are there.
 *
 * One that falls to another is left first: read no more, all stored, the last position written. Only
 * then does the roll say that it is free, and the other takes it up from there. What keeps two from
 * doing harm in one share is what they store, which names what it follows, not the roll.
 */
import { type Clock, type EpochMs, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import type { Colleagues } from "./roll.ts";
import type { Company, HeldElsewhere } from "./share-out.ts";

const callEveryMs = 1_000;
/** Who does not let go within this is not waited for: what is stored decides. */
const letsGoWithinMs = 20_000;
/** How long a stop waits for a backbone that is away. */
const leaveWithinMs = 1_000;

/** The work in one share, begun. */
export interface ShareWork {
  /** Resolves once nothing of it goes on and its last position is written, or cannot be. */
  stop(): Promise<void>;
}

export interface SharesDependencies<Work extends ShareWork> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly colleagues: Colleagues;
  /** Begins to work in a share. */
  readonly open: (name: string) => Work;
}

interface Share<Work> {
  readonly work: Work;
  readonly sinceMs: EpochMs;
  isLeaving: boolean;
}

export class Shares<Work extends ShareWork> {
  readonly #deps: SharesDependencies<Work>;
  readonly #shares = new Map<string, Share<Work>>();
  readonly #waitingSinceMs = new Map<string, number>();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #wanted: ReadonlySet<string> = new Set();
  #elsewhere: readonly HeldElsewhere[] = [];
  #hurry = new AbortController();

  constructor(deps: SharesDependencies<Work>) {
    this.#deps = deps;
    this.#running = this.#run();
  }

  /** The shares in which there is something to do, for whomever. */
  want(names: Iterable<string>): void {
    const before = this.#wanted;
    this.#wanted = new Set([...before, ...names]);
    if (this.#wanted.size > before.size) this.#hurry.abort();
  }

  /** The work here, by the names of its shares. */
  get held(): Iterable<readonly [name: string, work: Work]> {
    return Array.from(this.#shares, ([name, { work }]) => [name, work] as const);
  }

  /** What other processes hold. */
  get elsewhere(): readonly HeldElsewhere[] {
    return this.#elsewhere;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#hurry.abort();
    await this.#running;
    await Promise.all(Array.from(this.#shares.values(), ({ work }) => work.stop()));
    const giveUp = new AbortController();
    const timer = this.#deps.clock.setTimer(leaveWithinMs, () => giveUp.abort());
    // Where this fails the others find out by themselves.
    await this.#deps.colleagues.leave(giveUp.signal).catch(() => {});
    timer.cancel();
  }

  async #run(): Promise<void> {
    const { clock, colleagues, logger } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#hurry = new AbortController();
      try {
        const holds = Object.fromEntries(
          Array.from(this.#shares, ([name, { sinceMs }]) => [name, sinceMs]),
        );
        const company = await colleagues.call(holds, signal);
        if (!signal.aborted) this.#arrange(company);
      } catch (thrown) {
        const reason = GatewayError.from(thrown, "stream.unavailable", "cannot call").message;
        logger.debug("the others of this role were not looked for", { reason });
      }
      if (!signal.aborted) await sleep(clock, callEveryMs, this.#hurry.signal);
    }
  }

  #arrange(company: Company): void {
    const { clock, logger, open } = this.#deps;
    this.#elsewhere = company.elsewhere;
    for (const [name, share] of this.#shares) {
      if (share.isLeaving || company.isOwn(name)) continue;
      share.isLeaving = true;
      void this.#leave(name, share);
    }
    for (const name of this.#wanted) {
      if (!company.isOwn(name) || this.#shares.has(name)) continue;
      if (company.isHeldElsewhere(name) && !this.#hasWaited(name)) continue;
      this.#waitingSinceMs.delete(name);
      logger.info("a share of the work falls to this process", { share: name });
      const share = { work: open(name), sinceMs: clock.wallMs(), isLeaving: false };
      this.#shares.set(name, share);
      this.#hurry.abort();
    }
    for (const name of this.#waitingSinceMs.keys())
      if (!company.isOwn(name)) this.#waitingSinceMs.delete(name);
  }

  #hasWaited(name: string): boolean {
    const nowMs = this.#deps.clock.monotonicMs();
    const sinceMs = this.#waitingSinceMs.get(name) ?? nowMs;
    this.#waitingSinceMs.set(name, sinceMs);
    return nowMs - sinceMs >= letsGoWithinMs;
  }

  async #leave(name: string, share: Share<Work>): Promise<void> {
    await share.work.stop();
    this.#shares.delete(name);
    this.#deps.logger.info("a share of the work is left to another process", { share: name });
    this.#hurry.abort();
  }
}
