import type { AbsenceState } from "../watches/absence-watch.ts";
import type { GroupJudgeState } from "./group-judge.ts";
import type { GroupPanesState } from "./group-panes.ts";

/** A rule about many devices together, as it is saved with a gateway. Plain JSON. */
export interface SavedGroup {
  readonly rule: string;
  readonly absence?: AbsenceState;
  /** How its panes are made. */
  readonly made?: string;
  readonly panes?: GroupPanesState;
  readonly judge?: GroupJudgeState;
}
