import type { Unit } from "./unit.ts";

/** How far a value can be trusted, in OPC UA's words. Only `good` ones move conditions by default. */
export type Quality = "good" | "uncertain" | "bad";

/**
 * One value of one quantity: a SenML record (RFC 8428) with its base fields resolved. Device and
 * time are those of the event that carries it.
 */
export interface Measurement {
  /** What was measured, in the profile's words: `temperature`, `door`. */
  readonly name: string;
  /** A registered SenML unit; absent where a value has none. */
  readonly unit?: Unit;
  /** Numbers are finite. */
  readonly value: number | boolean | string;
  readonly quality: Quality;
}
