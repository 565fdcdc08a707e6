/** What the command line of the campaign asks for. */
import type { Arm, Scale } from "./arm.ts";

export interface AskedArm {
  readonly arm: Arm;
  readonly figure: number;
}

/** From the smallest. */
const scales: readonly Scale[] = ["small", "ci", "nightly"];

/**
 * The arms of `all` that these words name, or all of them, with their figures of the scale among the words
 * (`ci` without one). A scale leaves out an arm that has no figure of it; one that is named has its next
 * larger one instead, since a run of nothing would be taken for a goal that is met. A word that is neither a
 * scale nor a goal is given back instead.
 */
export function askedArms(
  words: readonly string[],
  all: readonly Arm[],
): readonly AskedArm[] | string {
  const isGoal = (word: string): boolean => all.some(({ goal }) => goal === word);
  const unknown = words.find((word) => !["--nightly", "--small"].includes(word) && !isGoal(word));
  if (unknown !== undefined) return unknown;
  const asked = scales.find((one) => words.includes(`--${one}`)) ?? "ci";
  const isNamed = words.some(isGoal);
  return all
    .filter(({ goal }) => !isNamed || words.includes(goal))
    .map((arm) => {
      const larger = scales.slice(scales.indexOf(asked)).map((one) => arm.figures[one]);
      const next = larger.find((figure) => figure > 0) ?? 0;
      return { arm, figure: isNamed ? next : arm.figures[asked] };
    })
    .filter(({ figure }) => figure > 0);
}
