/** What an alarm is given, whom it tells, and what it saves. */

/** `closed`: it ended with the times of its schedule. */
export type LevelChange = "fired" | "level" | "ended" | "closed";

/** Is told of every change, from within what brings it about, in order of time. */
export interface AlarmListener {
  report(change: LevelChange, atMs: number): void;
}

/** How long each level must be breached, from mild to severe, and how long it then stays on. */
export interface AlarmDelays {
  readonly forMs: readonly number[];
  readonly keepMs: number;
  /** So many samples in place of `forMs`, for each level. */
  readonly samples?: number | undefined;
}

/** The state of an alarm as plain JSON; absent times are those before anything happened. */
export interface AlarmState {
  readonly at?: number;
  readonly level: number;
  readonly breach: number;
  /** What would be breached, outside the times of the schedule; absent for none, and inside. */
  readonly asked?: number;
  readonly timers: readonly number[];
  /** On the way up they count samples. */
  readonly samples?: true;
  readonly started?: number;
  readonly fired?: number;
  readonly previous?: number;
}
