/** Whether a receiver is told of an alert now, later or not at all: pure, from what is known of it. */
import type { EpochMs } from "../core/clock.ts";
import type { LastChange } from "./last-change.ts";
import type { NoticeCause } from "./receiver.ts";
import type { Hiding, Standing } from "./standing.ts";
import type { TellingPlan } from "./telling-plan.ts";

/** Why something waits, for people. */
export type Holding = Hiding | "muted" | "late" | "flapping" | "escalation";

/** Why something is never told, for people. */
export type Passing = "no route" | "ended meanwhile" | "acknowledged" | "late";

export interface TellingCase {
  readonly last: LastChange;
  readonly standing: Standing;
  /** The receiver gets one alert at a time, at once, and makes its own of what flaps or is late. */
  readonly alone: boolean;
  /** It is about what was told already. */
  readonly repeat: boolean;
  /** ... since something is over that held people back. */
  readonly isBack: boolean;
  /** Something else waited for a while, and only the state now is of interest. */
  readonly wasHeld: boolean;
  /** Transitions that wait. */
  readonly count: number;
  /** The receiver believes that an episode of the instance goes on. */
  readonly open: boolean;
  /** That is the episode of the last change. */
  readonly sameOpen: boolean;
  /** It was told that the alert flaps, and not how that ended. */
  readonly toldFlapping: boolean;
  /** The gateway is heard again up to now, or was waited for long enough. */
  readonly caughtUp: boolean;
  /** Since when nobody acknowledged it. */
  readonly unackedSinceMs: EpochMs;
  readonly nowMs: EpochMs;
}

export type TellingDecision =
  | { readonly kind: "tell"; readonly cause: NoticeCause }
  /** What began and ended goes into a digest; what fires behind that is told then. */
  | { readonly kind: "digest" }
  /** The end of what the receiver believes goes first; the rest is judged again. */
  | { readonly kind: "close" }
  | { readonly kind: "hold"; readonly why: Holding; readonly untilMs?: EpochMs }
  | { readonly kind: "pass"; readonly why: Passing };

export function judgeTelling(given: TellingCase): TellingDecision {
  const { alone, last, open, standing, wasHeld } = given;
  const { plan, state } = last;
  // Whoever was told of the beginning hears the rest, also where a change leads to other routes.
  if (!plan && !open) return { kind: "pass", why: "no route" };
  const ended = state === "ended";
  const isForDigest = last.late && plan?.late === "digest" && !alone;
  if (ended && wasHeld && !open && !given.toldFlapping && !isForDigest)
    return { kind: "pass", why: "ended meanwhile" };
  return (
    (plan && judgePatience(given, plan)) ??
    judgeHidden(given) ??
    (plan && judgeMuted(given, plan)) ??
    (wasHeld && open && !given.sameOpen && !given.toldFlapping ? { kind: "close" } : undefined) ??
    (plan && !alone ? judgeLate(given, plan) : undefined) ??
    (alone ? undefined : judgeFlapping(given, standing)) ?? { kind: "tell", cause: causeOf(given) }
  );
}

/** An escalation waits for somebody to acknowledge; so does what is told again. */
function judgePatience(given: TellingCase, plan: TellingPlan): TellingDecision | undefined {
  const { isBack, last, nowMs, open, repeat, standing, unackedSinceMs } = given;
  const isCalm = given.toldFlapping && !standing.flapping;
  if (repeat && !isCalm && (standing.acked || !(isBack || last.repeatMs !== undefined)))
    return { kind: "pass", why: "acknowledged" };
  if (plan.escalateAfterMs === undefined || open) return undefined;
  if (last.state === "ended") return { kind: "pass", why: "ended meanwhile" };
  if (standing.acked) return { kind: "pass", why: "acknowledged" };
  const untilMs = unackedSinceMs + plan.escalateAfterMs;
  // A clock that went back makes nobody wait longer than once more.
  if (nowMs >= untilMs || untilMs - nowMs > plan.escalateAfterMs) return undefined;
  return { kind: "hold", why: "escalation", untilMs };
}

/** The end of what a receiver believes to go on disturbs nobody, and closes what it opened. */
function judgeHidden({ last, open, standing }: TellingCase): TellingDecision | undefined {
  const { hidden } = standing;
  if (!hidden) return undefined;
  if (last.state === "ended" && open && hidden !== "latched") return undefined;
  if (hidden === "latched" && last.state !== "ended") return undefined;
  return { kind: "hold", why: hidden };
}

function judgeMuted({ nowMs }: TellingCase, plan: TellingPlan): TellingDecision | undefined {
  const untilMs = plan.mutedUntilMs(nowMs);
  return untilMs === undefined ? undefined : { kind: "hold", why: "muted", untilMs };
}

function judgeLate(given: TellingCase, plan: TellingPlan): TellingDecision | undefined {
  const { caughtUp, count, last, sameOpen } = given;
  if (!last.late || plan.late === "all") return undefined;
  if (!caughtUp) return { kind: "hold", why: "late" };
  if (last.state === "ended" ? sameOpen && count === 1 : count < 3) return undefined;
  if (plan.late === "digest") return { kind: "digest" };
  return last.state === "ended" && !sameOpen ? { kind: "pass", why: "late" } : undefined;
}

function judgeFlapping(
  { toldFlapping }: TellingCase,
  { flapping }: Standing,
): TellingDecision | undefined {
  if (flapping) return toldFlapping ? { kind: "hold", why: "flapping" } : tellOf("flapping");
  return toldFlapping ? tellOf("calm") : undefined;
}

function tellOf(cause: NoticeCause): TellingDecision {
  return { kind: "tell", cause };
}

function causeOf({ last, open, repeat }: TellingCase): NoticeCause {
  if (repeat) return "repeat";
  return last.plan?.escalateAfterMs !== undefined && !open ? "escalation" : "change";
}
