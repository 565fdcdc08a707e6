/**
 * Which partitions this processor works in: those that fall to it among all that are there.
 *
 * One that falls to another is left first: read no more, all stored, the last checkpoint written. Only
 * then does the roll say that it is free, and the other takes it up from there. What keeps two from
 * doing harm in one partition is the checkpoint, not the roll.
 */
import { type EpochMs, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Partition } from "./partition.ts";
import type { Colleagues } from "./roll.ts";
import type { Company, HeldElsewhere } from "./share-out.ts";
import type { TenancyDependencies } from "./tenancy-start.ts";

const callEveryMs = 1_000;
/** Who does not let go within this is not waited for: the checkpoint decides. */
const letsGoWithinMs = 20_000;
/** How long a stop waits for a backbone that is away. */
const leaveWithinMs = 1_000;

export interface SharesDependencies extends Pick<TenancyDependencies, "clock" | "logger"> {
  readonly colleagues: Colleagues;
  /** Begins to work in a partition. */
  readonly open: (partition: number) => Partition;
}

interface Share {
  readonly partition: Partition;
  readonly sinceMs: EpochMs;
  isLeaving: boolean;
}

export class Shares {
  readonly #deps: SharesDependencies;
  readonly #shares = new Map<number, Share>();
  readonly #waitingSinceMs = new Map<number, number>();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #wanted: ReadonlySet<number> = new Set();
  #elsewhere: readonly HeldElsewhere[] = [];
  #hurry = new AbortController();

  constructor(deps: SharesDependencies) {
    this.#deps = deps;
    this.#running = this.#run();
  }

  /** The partitions in which there is something to do, for whomever. */
  want(partitions: Iterable<number>): void {
    const before = this.#wanted;
    this.#wanted = new Set([...before, ...partitions]);
    if (this.#wanted.size > before.size) this.#hurry.abort();
  }

  get partitions(): Iterable<readonly [number: number, partition: Partition]> {
    return Array.from(this.#shares, ([number, { partition }]) => [number, partition] as const);
  }

  /** What other processors hold. */
  get elsewhere(): readonly HeldElsewhere[] {
    return this.#elsewhere;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#hurry.abort();
    await this.#running;
    await Promise.all(Array.from(this.#shares.values(), ({ partition }) => partition.stop()));
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
          Array.from(this.#shares, ([number, { sinceMs }]) => [number, sinceMs]),
        );
        const company = await colleagues.call(holds, signal);
        if (!signal.aborted) this.#arrange(company);
      } catch (thrown) {
        const reason = GatewayError.from(thrown, "stream.unavailable", "cannot call").message;
        logger.debug("other processors were not looked for", { reason });
      }
      if (!signal.aborted) await sleep(clock, callEveryMs, this.#hurry.signal);
    }
  }

  #arrange(company: Company): void {
    const { clock, logger, open } = this.#deps;
    this.#elsewhere = company.elsewhere;
    for (const [number, share] of this.#shares) {
      if (share.isLeaving || company.isOwn(number)) continue;
      share.isLeaving = true;
      void this.#leave(number, share);
    }
    for (const number of this.#wanted) {
      if (!company.isOwn(number) || this.#shares.has(number)) continue;
      if (company.isHeldElsewhere(number) && !this.#hasWaited(number)) continue;
      this.#waitingSinceMs.delete(number);
      logger.info("a partition falls to this processor", { partition: number });
      const share = { partition: open(number), sinceMs: clock.wallMs(), isLeaving: false };
      this.#shares.set(number, share);
      this.#hurry.abort();
    }
    for (const number of this.#waitingSinceMs.keys())
      if (!company.isOwn(number)) this.#waitingSinceMs.delete(number);
  }

  #hasWaited(number: number): boolean {
    const nowMs = this.#deps.clock.monotonicMs();
    const sinceMs = this.#waitingSinceMs.get(number) ?? nowMs;
    this.#waitingSinceMs.set(number, sinceMs);
    return nowMs - sinceMs >= letsGoWithinMs;
  }

  async #leave(number: number, share: Share): Promise<void> {
    await share.partition.stop();
    this.#shares.delete(number);
    this.#deps.logger.info("partition left to another processor", { partition: number });
    this.#hurry.abort();
  }
}
