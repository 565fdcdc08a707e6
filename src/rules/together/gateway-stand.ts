/** Where one gateway of a site stands, and whether the site waits for it. */
import type { EpochMs } from "../../core/clock.ts";
import type { GatewayId } from "../../core/ids.ts";
import { never } from "../alarms/alarm.ts";

/**
 * A gateway that comes to a site counts so long after its first watermark. Whoever reads its stream
 * has found it by then, so it does not matter how soon.
 */
const joinsAfterMs = 60_000;
/** A gateway that is less behind than this is on its way. */
const behindMs = 60_000;
/** The hub waits so long for a gateway that says nothing while others go on. */
const patienceMs = { away: 3_600_000, stopped: 60_000 };
/** A clock that was set back by more was wrong before: the gateway begins anew. */
const farBackMs = 3_600_000;

/** Plain JSON. */
export interface StandState {
  readonly gateway: GatewayId;
  /** How far its line goes; absent before its first watermark. */
  readonly line?: EpochMs;
  /** From when on it counts; the same. */
  readonly joins?: EpochMs;
  readonly stopped?: true;
  /** The site goes on without it. */
  readonly left?: true;
  /** How long it had said nothing when it was first seen to be behind; absent while it is not. */
  readonly behind?: number;
}

export class GatewayStand {
  /** The last that it said is that it stops. */
  isStopped: boolean;
  /** The site waits for it. */
  holds: boolean;
  #lineMs: EpochMs;
  #joinsMs: EpochMs;
  #behindFromMs: number | undefined;

  constructor(saved?: Omit<StandState, "gateway">) {
    this.#lineMs = saved?.line ?? never;
    this.#joinsMs = saved?.joins ?? never;
    this.isStopped = saved?.stopped ?? false;
    this.holds = saved?.left !== true;
    this.#behindFromMs = saved?.behind;
  }

  /** It has said what time it is. */
  get isHeard(): boolean {
    return this.#lineMs !== never;
  }

  get lineMs(): EpochMs {
    return this.#lineMs;
  }

  /** So far the site may go where this gateway holds it. */
  get reachMs(): EpochMs {
    return Math.max(this.#lineMs, this.#joinsMs);
  }

  /** Before its first watermark, with which its line will reach `reachMs`; the site stands at `standMs`. */
  join(reachMs: EpochMs, standMs: EpochMs): void {
    if (this.isHeard) return;
    this.#joinsMs = reachMs + joinsAfterMs;
    this.holds = this.#joinsMs >= standMs;
  }

  /** True for a pane that counts. */
  takesPartIn(startMs: EpochMs): boolean {
    return startMs >= this.#joinsMs && this.#joinsMs !== never;
  }

  /** Its line reaches `reachMs`; the site, which stands at `standMs`, waits for who has caught up. */
  reach(reachMs: EpochMs, standMs: EpochMs): void {
    this.#lineMs = Math.max(this.#lineMs, reachMs);
    this.#behindFromMs = undefined;
    this.holds ||= this.reachMs >= standMs;
  }

  /** Its clock was set to `tMs`; true where it begins anew. */
  leap(tMs: EpochMs): boolean {
    if (this.#lineMs - tMs <= farBackMs) return false;
    this.#lineMs = never;
    this.#joinsMs = never;
    return true;
  }

  /**
   * All that there is of it was read, and nothing came for `quietMs`, while the furthest gateway of
   * its site stands at `furthestMs`. True where the site has waited for long enough.
   */
  isOverdue(quietMs: number, furthestMs: EpochMs): boolean {
    if (quietMs <= 0 || !(furthestMs - this.reachMs >= behindMs)) {
      this.#behindFromMs = undefined;
      return false;
    }
    this.#behindFromMs = Math.min(this.#behindFromMs ?? quietMs, quietMs);
    const isAway = this.isHeard && !this.isStopped;
    const patience = isAway ? patienceMs.away : patienceMs.stopped;
    return quietMs - this.#behindFromMs >= patience;
  }

  toState(): Omit<StandState, "gateway"> {
    return {
      ...(this.isHeard && { line: this.#lineMs, joins: this.#joinsMs }),
      ...(this.isStopped && { stopped: true }),
      ...(!this.holds && { left: true }),
      ...(this.#behindFromMs !== undefined && { behind: this.#behindFromMs }),
    };
  }
}
