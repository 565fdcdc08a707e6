/** Which connections are taken at all: so many at a time, and so many a second from one address. */
import type { Clock } from "../../core/clock.ts";

/** Addresses remembered; beyond it the one heard of longest ago is forgotten. */
const maxAddresses = 4_096;

/** Tokens of one address: each connection costs one, and they grow back with time. */
interface Bucket {
  tokens: number;
  atMs: number;
}

export interface AdmissionLimits {
  readonly maxClients: number;
  readonly connectsPerSecond: number;
}

export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  #clients = 0;

  constructor(limits: AdmissionLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Connections that were admitted and did not leave. */
  get clients(): number {
    return this.#clients;
  }

  /** Counts a connection in, or says why not. */
  admit(address: string): "max-clients" | "connect-rate" | undefined {
    if (this.#clients >= this.#limits.maxClients) return "max-clients";
    if (!this.#spend(address)) return "connect-rate";
    this.#clients += 1;
    return undefined;
  }

  leave(): void {
    this.#clients -= 1;
  }

  #spend(address: string): boolean {
    const { connectsPerSecond } = this.#limits;
    const nowMs = this.#clock.monotonicMs();
    const bucket = this.#buckets.get(address) ?? { tokens: connectsPerSecond, atMs: nowMs };
    const grown = ((nowMs - bucket.atMs) * connectsPerSecond) / 1_000;
    bucket.tokens = Math.min(connectsPerSecond, bucket.tokens + grown);
    bucket.atMs = nowMs;
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    for (const oldest of this.#buckets.keys()) {
      if (this.#buckets.size <= maxAddresses) break;
      this.#buckets.delete(oldest);
    }
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
