/** Values of one quantity of one device, as a database puts them together. */
import type { EpochMs } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import type { DeviceId } from "../core/ids.ts";

export interface PastWish {
  readonly origin: Origin;
  readonly device: DeviceId;
  readonly metric: string;
  readonly fromMs: EpochMs;
  /** Without it. */
  readonly toMs: EpochMs;
  readonly stepMs: number;
}

/** What was measured from `atMs` on, for one step. */
export interface PastStep {
  readonly atMs: EpochMs;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
}

export interface PastValues {
  readonly steps: readonly PastStep[];
  /** Other than numbers, as far as the database keeps them: what it was when. */
  readonly texts: readonly { readonly atMs: EpochMs; readonly value: string }[];
  readonly unit: string | undefined;
  /** The first value that it has; undefined where that is not known. */
  readonly firstMs: EpochMs | undefined;
}

/** Rejects with `database.unavailable` or `database.unauthorized`. */
export type AskPast = (wish: PastWish, signal: AbortSignal) => Promise<PastValues>;

/** A finite number out of whatever a database answers. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
