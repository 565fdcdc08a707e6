import type { AlertTransition } from "../core/alert.ts";
import type { OperatorAction } from "../core/operator-action.ts";
import type { CarriedTrace } from "../core/trace-context.ts";

/** An alert in a notice, as it is since its last change. */
export interface NoticedAlert {
  readonly transition: AlertTransition;
  /** How many changes of the alert this one stands for; 1 where nothing was passed over. */
  readonly changes: number;
}

/**
 * Why a receiver is told.
 *
 * - `change`: what it is told of is new.
 * - `repeat`: the alerts fire on, and nobody acknowledged them.
 * - `escalation`: they were told to others, and nobody acknowledged them in time.
 * - `flapping`: the alert changes all the time; it is told of again once it is calm.
 * - `calm`: how an alert is that was flapping.
 * - `digest`: the alerts began and ended while their gateway could not be heard.
 */
export type NoticeCause = "change" | "repeat" | "escalation" | "flapping" | "calm" | "digest";

/** What the alerts of a notice have in common. */
export interface NoticeGroup {
  /** The same for every notice of the group: what threads of messages are made of. */
  readonly key: string;
  /** By name of the label. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What a receiver is told: one alert or several. */
export interface NoticeContent {
  /**
   * The same in every attempt, and in no other notice to the receiver: of a change of one alert the
   * id of its transition.
   */
  readonly id: string;
  readonly cause: NoticeCause;
  /** What fires first, the most severe before others; each instance once, but in a digest. */
  readonly alerts: readonly [NoticedAlert, ...NoticedAlert[]];
  /** Undefined where the alert is told of by itself. */
  readonly group: NoticeGroup | undefined;
  /** Alerts that belong here and that there was no room for. */
  readonly leftOut: number;
}

/** The same, and what is only true of one attempt. */
export interface Notice extends NoticeContent {
  /** When this attempt was made, RFC 3339, by the notifier's clock. */
  readonly sentAt: string;
  /** 1, 2, ... */
  readonly attempt: number;
  /** The receiver could have had it sooner: what came before, or this, was not taken. */
  readonly lateByReceiver: boolean;
  /** The trace it goes on, where an alert in it carries one. */
  readonly trace?: CarriedTrace | undefined;
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
 * Somebody who is told of alerts. `deliver` never rejects; it may be called for several notices at
 * the same time, and again with one that was delivered before. Once the
 * signal is aborted it ends as soon as it can.
 */
export interface Receiver {
  /** How long one notice is tried before it becomes a dead letter; infinity for ever. */
  readonly giveUpAfterMs: number;
  /**
   * It is told of one alert at a time and at once, whatever its routes say of groups: it shows states,
   * or makes groups of its own.
   */
  readonly alone?: true;
  deliver(notice: Notice, signal: AbortSignal): Promise<Delivery>;
  /**
   * What a receiver does by itself while it is this process's to tell, beside what it is told: until
   * the signal is aborted. Never rejects. Absent where that is nothing.
   */
  attend?(alerts: AlertsTold, signal: AbortSignal): Promise<void>;
}

/** What the stream of alerts says, for a receiver that does something by itself. */
export interface AlertsTold {
  /** Of each open episode the last transition that the receiver was told of. Rejects without a backbone. */
  firing(): Promise<readonly AlertTransition[]>;
  /** The last transition of an instance, told or not. Rejects without a backbone. */
  head(alert: Pick<AlertTransition, "instance" | "labels">): Promise<AlertTransition | undefined>;
  /** What people did and do about alerts, from the beginning of the stream on, until the signal. */
  actions(signal: AbortSignal): { next(): Promise<readonly OperatorAction[] | undefined> };
}
