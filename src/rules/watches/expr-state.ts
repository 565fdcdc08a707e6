import type { AlarmState } from "../alarms/alarm-state.ts";
import type { HeldState } from "../alarms/held-value.ts";
import type { MissingState } from "../alarms/missing-value.ts";
import type { ErrorState } from "./expr-answer.ts";
import type { ExprEpisodeState } from "./expr-episode.ts";

/** The state of a watch as plain JSON. */
export interface ExprState extends ErrorState, ExprEpisodeState, MissingState {
  readonly alarm: AlarmState;
  readonly readings: Readonly<Record<string, HeldState>>;
  readonly known: boolean;
  readonly unknownAt: number;
  /** Samples of the moment where the line stands are not judged yet. */
  readonly open?: true;
  /** A value is missed, and that was said or acted upon. */
  readonly missed?: true;
  /** The revision of the rule that judged last, where that is known. */
  readonly rev?: string;
  /** The line goes on so far without a sample; absent: without an end. */
  readonly reach?: number;
  /** Up to where it was asked; absent: not on this line. */
  readonly judged?: number;
  /** Time counts. */
  readonly counts?: true;
}
