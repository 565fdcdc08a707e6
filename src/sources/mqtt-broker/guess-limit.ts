/**
 * Who guesses passwords gets slower, for a name, from an address, and for a name from an address. Each
 * has some tries at once, and further ones one by one as time passes: what was used up by somebody else
 * comes back, so nobody is shut out for ever, also not a device behind the address of one who guesses.
 *
 * Where a name was right before, what others use up of the name or of the address is no concern of it.
 */
import { BoundedMap } from "../../core/bounded-map.ts";
import type { Clock } from "../../core/clock.ts";

/** What is remembered, with the names that strangers choose; beyond it some of it is forgotten. */
const mostBytes = 2 * 2 ** 20;
const entryBytes = 200;
const weigh = (key: string): number => entryBytes + 2 * key.length;

interface Allowance {
  readonly tries: number;
  /** One more after so long. */
  readonly refillMs: number;
}

const ofPlace: Allowance = { tries: 10, refillMs: 30_000 };
const ofName: Allowance = { tries: 30, refillMs: 30_000 };
const ofAddress: Allowance = { tries: 50, refillMs: 2_000 };

interface Bucket {
  left: number;
  atMs: number;
}

export class GuessLimit {
  readonly #clock: Pick<Clock, "monotonicMs">;
  readonly #buckets = new BoundedMap<string, Bucket>(mostBytes, weigh);
  /** Where a name was right before. */
  readonly #known = new BoundedMap<string, true>(mostBytes, weigh);

  constructor(clock: Pick<Clock, "monotonicMs">) {
    this.#clock = clock;
  }

  /** Counts a try; false where it is not to be checked. */
  begin(name: string, address: string): boolean {
    // What is made up makes no entries once its address has no tries left.
    const isKnown = this.#known.get(placeOf(name, address)) !== undefined;
    if (!isKnown && this.#bucket(`from ${address}`, ofAddress).left < 1) return false;
    const wanted = this.#bucketsOf(name, address);
    if (wanted.some(({ left }) => left < 1)) return false;
    for (const bucket of wanted) bucket.left -= 1;
    return true;
  }

  /** It was right, or was not checked after all: it was no guess. */
  takeBack(name: string, address: string): void {
    for (const bucket of this.#bucketsOf(name, address)) bucket.left += 1;
  }

  /** It was right. */
  succeed(name: string, address: string): void {
    this.takeBack(name, address);
    this.#known.set(placeOf(name, address), true);
  }

  #bucketsOf(name: string, address: string): readonly Bucket[] {
    const place = placeOf(name, address);
    const own = this.#bucket(place, ofPlace);
    if (this.#known.get(place)) return [own];
    const others = [
      this.#bucket(`name ${name}`, ofName),
      this.#bucket(`from ${address}`, ofAddress),
    ];
    return [own, ...others];
  }

  #bucket(key: string, { refillMs, tries }: Allowance): Bucket {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#buckets.get(key);
    const bucket = known ?? { left: tries, atMs: nowMs };
    bucket.left = Math.min(tries, bucket.left + (nowMs - bucket.atMs) / refillMs);
    bucket.atMs = nowMs;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

/** Names are as long as a CONNECT lets them be. */
function placeOf(name: string, address: string): string {
  return `place ${address} ${name}`;
}
