import { BoundedMap } from "../core/bounded-map.ts";
import type { Clock } from "../core/clock.ts";
import { mostChanges, mostChangesOfDevice } from "./bounds.ts";

interface Bucket {
  left: number;
  atMs: number;
}

const mostBuckets = 4_096;

/** How often descriptions may change: a burst, and then a slow rate, of one device and in all. */
export class ChangeQuota {
  readonly #clock: Clock;
  readonly #devices = new BoundedMap<string, Bucket>(mostBuckets);
  readonly #all: Bucket;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#all = { left: mostChanges, atMs: clock.monotonicMs() };
  }

  /** True, and one change less is left, where the device may change now. */
  take(device: string): boolean {
    const atMs = this.#clock.monotonicMs();
    const bucket = this.#devices.get(device) ?? { left: mostChangesOfDevice, atMs };
    this.#devices.set(device, bucket);
    refill(this.#all, atMs, 100, mostChanges);
    refill(bucket, atMs, 1, mostChangesOfDevice);
    if (this.#all.left < 1 || bucket.left < 1) return false;
    this.#all.left -= 1;
    bucket.left -= 1;
    return true;
  }
}

function refill(bucket: Bucket, atMs: number, perSecond: number, most: number): void {
  bucket.left = Math.min(most, bucket.left + ((atMs - bucket.atMs) / 1_000) * perSecond);
  bucket.atMs = atMs;
}
