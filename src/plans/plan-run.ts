/** One run of a plan: everything that is known of it, so that whoever reads it can go on. */
import type { EpochMs } from "../core/clock.ts";
import type { CommandState, CommandValue } from "../core/command.ts";
import type { SiteId } from "../core/ids.ts";
import type { CommandOrder, OnUnknown } from "./plan.ts";

/**
 * How far a run is.
 *
 * - `requested`: somebody wants it; no command was issued.
 * - `running`: its steps are done, one after the other.
 * - `compensating`: what was done is taken back, the last first.
 * - `done`: every step succeeded.
 * - `compensated`: every step that had, or may have had, an effect was taken back.
 * - `stuck`: it cannot go on by itself; a person was called.
 * - `cancelled`: it was taken back before anything was sent to a device.
 */
export const runStates = [
  "requested",
  "running",
  "compensating",
  "done",
  "compensated",
  "stuck",
  "cancelled",
] as const;
export type RunState = (typeof runStates)[number];

/** A command with every word in its place. */
export interface BoundOrder extends CommandOrder {
  readonly gateway: string;
}

export type BoundStep =
  | {
      readonly kind: "command";
      readonly order: BoundOrder;
      readonly compensate?: BoundOrder;
      readonly onUnknown: OnUnknown;
    }
  | { readonly kind: "wait"; readonly forMs: number };

/** One command that was issued: a step, or a try to take it back. */
export interface Attempt {
  /** Id of the command: made of run, step and try, so that issuing it twice is issuing it once. */
  readonly id: string;
  readonly issuedMs: EpochMs;
  readonly expiresMs: EpochMs;
  /** `issued`: the gateway has said nothing of it yet. */
  readonly state: "issued" | CommandState;
  /** The number of the last reply; 0 before the first. */
  readonly heard: number;
  /** Nothing follows, as far as anybody waits for it. */
  readonly final: boolean;
  /** Nothing was heard for so long that nobody waits any more; a last word may still come. */
  readonly givenUp?: true;
  /** Something was sent to the device. */
  readonly left?: true;
  /** When it was known to be in this state, by the clock of who runs the plan. */
  readonly atMs: EpochMs;
  readonly text?: string;
}

/** A step with what became of it. */
export type StepRun =
  | (Extract<BoundStep, { kind: "command" }> & {
      readonly attempt?: Attempt;
      /** The last try to take it back. */
      readonly undo?: Attempt;
      /** Tries to take it back so far. */
      readonly undoTries?: number;
      /** When taking it back began. */
      readonly undoSinceMs?: EpochMs;
    })
  | (Extract<BoundStep, { kind: "wait" }> & { readonly untilMs?: EpochMs; readonly over?: true });

/** The longest reason that a person gives, in characters. */
export const mostReasonChars = 512;

/** What a person wanted of a run. */
export interface PersonsWord {
  readonly by: string;
  /** At most 512 characters. */
  readonly reason?: string;
  readonly atMs: EpochMs;
}

export interface PlanRun {
  /** Unique for ever, and one token of a subject. */
  readonly run: string;
  readonly site: SiteId;
  readonly plan: string;
  readonly about?: string;
  readonly params: Readonly<Record<string, CommandValue>>;
  readonly requested: PersonsWord;
  /** No step begins from this moment on. */
  readonly endsMs: EpochMs;
  readonly giveUpMs: number;
  /** 1 for the request, and one more with each change. */
  readonly change: number;
  readonly state: RunState;
  /** When this change was made, by the clock of who made it. */
  readonly changedMs: EpochMs;
  /** Why it is taken back, or stuck, or never began. */
  readonly why?: string;
  /** Where it failed, or is stuck; steps count from 1. */
  readonly failedStep?: number;
  /** When it got stuck. */
  readonly stuckMs?: EpochMs;
  readonly cancel?: PersonsWord;
  /** Of a stuck run: a person saw to it. */
  readonly settled?: PersonsWord;
  readonly steps: readonly StepRun[];
}

/** True when the run does nothing by itself any more. */
export function hasEnded({ state }: Pick<PlanRun, "state">): boolean {
  return ["done", "compensated", "stuck", "cancelled"].includes(state);
}

/** True when nobody has to look at it again. */
export function isOver(run: Pick<PlanRun, "state" | "settled">): boolean {
  return hasEnded(run) && (run.state !== "stuck" || run.settled !== undefined);
}
