import type { AlertTransition } from "../core/alert.ts";

/** What a receiver made of one transition. */
export type Delivery =
  | { readonly kind: "delivered" }
  /** Not now; the same is tried again. `reason` is for people. */
  | { readonly kind: "failed"; readonly reason: string }
  /** Never; trying again is pointless. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Somebody who is told of transitions. `deliver` never rejects; it may be called for several
 * instances at the same time, and again with a transition that was delivered before.
 */
export interface Receiver {
  deliver(transition: AlertTransition): Promise<Delivery>;
}
