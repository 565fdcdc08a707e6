/** What the board is made of, with its place in the stream of alerts: that orders what people do. */
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { OperatorAction } from "../core/operator-action.ts";

export interface PlacedTransition {
  readonly transition: AlertTransition;
  readonly streamSeq: number;
}

export interface PlacedAction {
  readonly action: OperatorAction;
  readonly streamSeq: number;
  /** When the server stored it, by the server's clock. */
  readonly storedMs: EpochMs;
}
