import type { Letter, Parcel } from "./letter.ts";

/** Carries letters of one share to its target. */
export interface Carrier {
  /** Resolves when the parcel was taken in, after others of its stream are through; or at the signal. */
  take(parcel: Parcel, signal: AbortSignal): Promise<void>;
  /** Carries until the signal; rejects where the stay has to end. */
  run(signal: AbortSignal): Promise<void>;
  /** Letters in memory. */
  readonly waiting: number;
}

/** Notes a letter that its target never gets; false when the signal came first. */
export type SetAsideLetter = (
  letter: Letter,
  kind: "refused" | "skipped",
  reason: string,
  signal: AbortSignal,
) => Promise<boolean>;
