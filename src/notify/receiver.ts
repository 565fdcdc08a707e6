import type { AlertTransition } from "../core/alert.ts";

/** What a receiver is told: a transition, and what is only true of this attempt. */
export interface Notice {
  readonly transition: AlertTransition;
  /** When this attempt was made, RFC 3339, by the notifier's clock. */
  readonly sentAt: string;
  /** 1, 2, ... */
  readonly attempt: number;
  /** The receiver could have had it sooner: what came before, or this, was not taken. */
  readonly lateByReceiver: boolean;
}

/** What a receiver made of one notice. `reason` is for people. */
export type Delivery =
  | { readonly kind: "delivered" }
  /** Not now; the same is tried again. */
  | {
      readonly kind: "failed";
      readonly reason: string;
      /** The receiver asks to be left alone, by every notice, for so long. */
      readonly restMs?: number;
      /** It is about the address or the credentials, and people have to look at them. */
      readonly misconfigured?: true;
    }
  /** Never; trying again is pointless. */
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Somebody who is told of transitions. `deliver` never rejects; it may be called for several
 * instances at the same time, and again with a transition that was delivered before. Once the
 * signal is aborted it ends as soon as it can.
 */
export interface Receiver {
  /** How long one notice is tried before it becomes a dead letter; infinity for ever. */
  readonly giveUpAfterMs: number;
  deliver(notice: Notice, signal: AbortSignal): Promise<Delivery>;
}
