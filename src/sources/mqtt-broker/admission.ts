/**
 * Which connections are taken at all: so many at a time, in all and from one address, and so many a
 * second from one address.
 */
import type { Clock } from "../../core/clock.ts";

/** Addresses remembered; beyond it the one heard of longest ago is forgotten. */
const maxAddresses = 4_096;

/** Tokens of one address: each connection costs one, and they grow back with time. */
interface Bucket {
  tokens: number;
  atMs: number;
}

/** Which limit a connection was one too many for. */
export type AdmissionRefusal = "max-clients" | "max-clients-per-address" | "connect-rate";

export interface AdmissionLimits {
  readonly maxClients: number;
  readonly maxClientsPerAddress: number;
  readonly connectsPerSecond: number;
}

export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  /** Connections by address. */
  readonly #present = new Map<string, number>();
  #clients = 0;

  constructor(limits: AdmissionLimits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Counts a connection in, or says why not. */
  admit(address: string): AdmissionRefusal | undefined {
    const present = this.#present.get(address) ?? 0;
    if (this.#clients >= this.#limits.maxClients) return "max-clients";
    if (present >= this.#limits.maxClientsPerAddress) return "max-clients-per-address";
    if (!this.#spend(address)) return "connect-rate";
    this.#clients += 1;
    this.#present.set(address, present + 1);
    return undefined;
  }

  /** A connection that was admitted from there is gone. */
  leave(address: string): void {
    const present = this.#present.get(address) ?? 0;
    this.#clients -= 1;
    if (present > 1) this.#present.set(address, present - 1);
    else this.#present.delete(address);
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
