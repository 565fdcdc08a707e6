/**
 * Of which alerts a receiver hears again though nothing new was stored: time has passed; what somebody
 * had set aside is back; what changed all the time is calm.
 */
import type { EpochMs } from "../core/clock.ts";
import type { JudgeDependencies } from "./telling-judge.ts";

export interface ToldAgain {
  readonly instance: string;
  /** Where the last transition stands that was told. */
  readonly seq: number;
  /** Something is over that held people back. */
  readonly isBack: boolean;
}

export function* toldAgain(
  nowMs: EpochMs,
  { alone, episodes, standings }: Pick<JudgeDependencies, "alone" | "episodes" | "standings">,
): Iterable<ToldAgain> {
  for (const [instance, { seq }] of episodes.due(nowMs)) yield { instance, seq, isBack: false };
  if (alone) return;
  const aside = new Set(standings.setAside());
  for (const instance of aside) episodes.setAside(instance);
  for (const [instance, { flapping, seq }] of episodes.passing()) {
    if (aside.has(instance)) continue;
    if (flapping && standings.of({ instance, episode: "" }).flapping) continue;
    yield { instance, seq, isBack: true };
  }
}
