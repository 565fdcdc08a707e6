/**
 * All alerts of rules that come with the program about one gateway and its devices: the one by the
 * hub's clock, and those by what the gateway says.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { Origin } from "../../core/event.ts";
import type { Outbox } from "../words/outbox.ts";
import type { TransitionDraft } from "../words/transition.ts";
import { GatewayOffline, type GatewaySighting, type OfflineState } from "./gateway-offline.ts";
import { OwnWatch, type OwnWatchState } from "./own-watch.ts";
import { offlineRuleId, type ReservedRules } from "./reserved-rules.ts";

/** Plain JSON; what is absent has nothing to remember. */
export interface GatewayAlarmsState extends OfflineState {
  readonly own?: OwnWatchState;
}

export class GatewayAlarms {
  /** By what it says itself. */
  readonly own: OwnWatch;
  readonly #offline: GatewayOffline;

  constructor(origin: Origin, rules: ReservedRules, outbox: Outbox, state: GatewayAlarmsState) {
    this.#offline = new GatewayOffline(origin, rules.gatewayOffline, outbox, state);
    this.own = new OwnWatch(origin, rules, outbox, state.own);
  }

  /** Behind it all later episodes begin. */
  get startedBeforeMs(): EpochMs {
    return Math.max(this.#offline.startedBeforeMs, this.own.startedBeforeMs);
  }

  /** What the hub sees of its stream; `isStopped`: the last that it said is that it stops. */
  see(sighting: GatewaySighting, isStopped: boolean): void {
    this.#offline.see(sighting, isStopped);
  }

  /** The gateway is gone. */
  leave(atMs: EpochMs): void {
    this.own.leave(atMs);
    this.#offline.end("gateway_removed", atMs);
  }

  /** The last transitions of all episodes that are open. */
  *open(): Iterable<TransitionDraft> {
    yield* this.own.open();
    if (this.#offline.last) yield this.#offline.last;
  }

  /**
   * What led to `stored` can never be read. Undefined where it is no alert of ours; else true when the
   * open episode is that one.
   */
  goOnBehind(stored: TransitionDraft): boolean | undefined {
    if (stored.rule !== offlineRuleId) return this.own.goOnBehind(stored);
    this.#offline.goOnBehind(stored);
    return true;
  }

  toState(): GatewayAlarmsState {
    const own = this.own.toState();
    return { ...this.#offline.toState(), ...(own && { own }) };
  }
}
