/**
 * One goal of the fault campaign: what is broken on purpose, how often, and what must still hold.
 *
 * An arm starts its own servers on free ports in a folder of its own and stops them, also when it
 * fails. It always runs its control: the same fault without the protection. A control that shows no
 * harm makes the arm void, since then nothing was tested.
 */

/** `small` fits into `npm test`; `ci` is the campaign; `nightly` is the large one. */
export type Scale = "small" | "ci" | "nightly";

export interface ArmResult {
  /** Kills, cuts, crash points, seeds or faults that were really made. */
  readonly runs: number;
  /** Events that devices hold a PUBACK for (or appends that were called done). */
  readonly acked: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Lost, and declared with exactly this count by gap events. */
  readonly declaredLost: number;
  /** What the unprotected twin did: `harmed` is what it must do; `unharmed` makes the arm void. */
  readonly control: "harmed" | "unharmed" | "none needed";
  /** The goal is met, by the arm's own figures too (times, memory, states). */
  readonly ok: boolean;
  /** Figures worth reading, and why it is not ok: a few words each. */
  readonly notes: readonly string[];
}

export interface Arm {
  /** `R1`, `R2`, ...: the goal in test/faults/README.md. */
  readonly goal: string;
  readonly title: string;
  /** How many faults each scale makes; 0 means that the scale leaves the arm out unless it is named. */
  readonly figures: Readonly<Record<Scale, number>>;
  /** Why this machine cannot run it (`no User Mode Linux`, `not root`); undefined when it can. */
  missing(): Promise<string | undefined>;
  /** Makes `figure` faults. Prints the seed of anything random through `note`. */
  run(figure: number, note: (text: string) => void): Promise<ArmResult>;
}
