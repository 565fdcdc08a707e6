/** A plan as it was written: several commands and waits in an order, and what takes each back. */
import type { CommandValue } from "../core/command.ts";

/** Bounds of one plan. */
export const mostSteps = 64;
export const mostParams = 64;

/** A parameter of a plan. */
export interface PlanParam {
  readonly type: "number" | "boolean" | "text";
  /** Of a number: the least and the greatest. */
  readonly range?: readonly [number, number];
  /** Of a text: what it may be. */
  readonly values?: readonly string[];
  readonly default?: CommandValue;
}

/** A command that a plan gives; `{name}` in its texts stands for a parameter of the plan. */
export interface CommandOrder {
  /** Undefined: the gateway that the configuration names. */
  readonly gateway?: string | undefined;
  readonly device: string;
  /** As the profile of the device names it. */
  readonly command: string;
  readonly params: Readonly<Record<string, CommandValue>>;
  /** How long it stays valid from when it is issued. */
  readonly expiresMs: number;
}

/** What a command counts as whose outcome nobody knows. */
export type OnUnknown = "compensate" | "stuck";

export type PlanStep =
  | {
      readonly kind: "command";
      readonly order: CommandOrder;
      /** Takes it back; undefined where there is nothing to take back. */
      readonly compensate?: CommandOrder | undefined;
      readonly onUnknown: OnUnknown;
    }
  | { readonly kind: "wait"; readonly forMs: number };

export interface Plan {
  readonly name: string;
  readonly about?: string | undefined;
  readonly params: Readonly<Record<string, PlanParam>>;
  /** From the request on; the first step that has not begun by then does not begin. */
  readonly withinMs: number;
  /** How long taking one step back is tried, before a person is called. */
  readonly giveUpMs: number;
  readonly steps: readonly PlanStep[];
}
