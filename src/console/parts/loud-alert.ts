/** Which alerts people are to know of. Pure. */
import type { AlertRow } from "../../api/shapes/alert.ts";

/** It fires, and nobody said to keep it quiet. */
export function isLoud({ isFiring, state }: AlertRow): boolean {
  return isFiring && !["shelved", "suppressed", "out-of-service"].includes(state);
}
