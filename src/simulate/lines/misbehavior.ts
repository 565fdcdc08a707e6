/** What goes wrong with a simulated device at a line, and how often it did. */

/** Shares are from 0 to 1; all may change while the device runs. */
export interface Misbehavior {
  /** Of bytes: how many arrive as others. */
  readonly damage: number;
  /** Of frames: how many are not said. */
  readonly silence: number;
  /** Of frames: how many have a checksum that does not fit. */
  readonly wrongChecksum: number;
  /** Of frames: how many end before their end. */
  readonly cut: number;
  /** Of answers: how many refuse what was asked. */
  readonly exception: number;
  /** Of answers: how many come when nobody waits for them any more. */
  readonly late: number;
  /** How often it is switched off and on again; undefined: never. */
  readonly restartEveryMs: number | undefined;
}

export const wellBehaved: Misbehavior = {
  damage: 0,
  silence: 0,
  wrongChecksum: 0,
  cut: 0,
  exception: 0,
  late: 0,
  restartEveryMs: undefined,
};

/** What became of a frame on its way out. One may be cut and damaged, too; the first of these counts. */
export type FrameFate = "whole" | "silent" | "cut" | "wrong-checksum" | "damaged";

/** What a device did, in numbers. */
export interface LineCounts {
  /** Frames by what became of them. */
  readonly frames: Readonly<Record<FrameFate, number>>;
  readonly damagedBytes: number;
  /** Answers that refused what was asked, and answers that came late. */
  readonly exceptions: number;
  readonly late: number;
  readonly restarts: number;
  /** How often its port was lost. */
  readonly lostPorts: number;
}
