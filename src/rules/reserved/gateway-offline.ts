/**
 * The one rule by the hub's own clock: a gateway that says nothing at all is gone, unless it stopped
 * on purpose. What the gateway itself would say of it can never come.
 *
 * Its moments are those at which the server stored the messages around the silence, so whoever finds
 * it gives it the same id: after a restart, or beside another processor.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { Origin } from "../../core/event.ts";
import { formatTime } from "../../core/event-codec.ts";
import { fnv1a64 } from "../../core/fnv1a.ts";
import { escapeToken } from "../../core/token.ts";
import { never } from "../alarms/alarm.ts";
import type { Outbox } from "../words/outbox.ts";
import { episodeOf, type TransitionDraft } from "../words/transition.ts";
import { type OfflineRule, offlineRuleId, reservedGroup } from "./reserved-rules.ts";

/** What the hub sees of a gateway's stream. */
export interface GatewaySighting extends Origin {
  /** When the server stored its last message. */
  readonly storedMs: EpochMs;
  /** Where in the stream that stands. */
  readonly lastSeq: number;
  /** For how long the hub has watched, without a break, that nothing was added. */
  readonly quietMs: number;
}

/** Plain JSON; everything is absent before the first episode. */
export interface OfflineState {
  /** The open episode. */
  readonly offline?: TransitionDraft;
  /** The message behind which it began: when it was stored, and where. */
  readonly offlineSince?: readonly [storedMs: EpochMs, seq: number];
  /** When the last episode began. */
  readonly offlineBefore?: EpochMs;
}

export class GatewayOffline {
  readonly #origin: Origin;
  readonly #rule: OfflineRule | undefined;
  readonly #outbox: Outbox;
  #last: TransitionDraft | undefined;
  #since: readonly [storedMs: EpochMs, seq: number] | undefined;
  /** Episodes start at rising moments, also when the server's clock was set back. */
  #previousMs: number;

  constructor(origin: Origin, rule: OfflineRule | undefined, outbox: Outbox, state: OfflineState) {
    this.#origin = origin;
    this.#rule = rule;
    this.#outbox = outbox;
    this.#last = state.offline;
    this.#since = state.offlineSince;
    this.#previousMs = state.offlineBefore ?? never;
  }

  /** When the last episode began; `never` before the first. */
  get startedBeforeMs(): number {
    return this.#previousMs;
  }

  /** The last transition of the open episode; undefined while the gateway speaks. */
  get last(): TransitionDraft | undefined {
    return this.#last;
  }

  /** `stopped`: the last that it said is that it stops. */
  see({ lastSeq, quietMs, storedMs }: GatewaySighting, stopped: boolean): void {
    if (this.#last) {
      const [sinceMs, sinceSeq] = this.#since ?? [Date.parse(this.#last.started_at), lastSeq];
      if (!this.#rule) this.end("rule_removed", Date.parse(this.#last.at));
      else if (storedMs > sinceMs || lastSeq > sinceSeq) this.end("normal", storedMs);
    }
    if (this.#last || !this.#rule || stopped || quietMs < this.#rule.afterMs) return;
    const startedMs = Math.max(storedMs, this.#previousMs + 1);
    this.#since = [storedMs, lastSeq];
    this.#previousMs = startedMs;
    this.#last = this.#fire(startedMs, this.#rule);
    this.#outbox.put(this.#last);
  }

  /** Ends the open episode, if there is one. */
  end(reason: "normal" | "rule_removed" | "gateway_removed", atMs: EpochMs): void {
    if (!this.#last) return;
    const n = this.#last.n + 1;
    const at = formatTime(Math.max(atMs, Date.parse(this.#last.at)));
    const id = `${this.#last.episode}.${n}`;
    const { gateway, site } = this.#origin;
    const again = `gateway ${gateway} of ${site} is heard again; it had said nothing since ${this.#last.started_at}`;
    const annotations = reason === "normal" ? { summary: again } : this.#last.annotations;
    this.#outbox.put({
      ...this.#last,
      annotations,
      id,
      n,
      state: "ended",
      reason,
      ended_at: at,
      at,
    });
    this.#last = undefined;
  }

  /** What is stored is the truth: an open episode goes on here. */
  goOnBehind(stored: TransitionDraft): void {
    this.#last = stored.state === "firing" ? stored : undefined;
    this.#since = undefined;
    this.#previousMs = Math.max(this.#previousMs, Date.parse(stored.started_at));
  }

  toState(): OfflineState {
    return {
      ...(this.#last && { offline: this.#last }),
      ...(this.#last && this.#since && { offlineSince: this.#since }),
      ...(this.#previousMs !== never && { offlineBefore: this.#previousMs }),
    };
  }

  #fire(startedMs: EpochMs, { afterMs, severity }: OfflineRule): TransitionDraft {
    const { gateway, site } = this.#origin;
    const key = [...offlineRuleId.split("/"), site, gateway];
    const instance = fnv1a64(key.map(escapeToken).join("."));
    const startedAt = formatTime(startedMs);
    const episode = episodeOf(instance, startedAt);
    const firedAt = formatTime(startedMs + afterMs);
    return {
      schema: "alert.transition/1",
      id: `${episode}.1`,
      episode,
      n: 1,
      instance,
      rule: offlineRuleId,
      rule_rev: reservedGroup,
      state: "firing",
      reason: "for_elapsed",
      severity,
      stale: false,
      labels: { site, gateway },
      annotations: { summary: `gateway ${gateway} of ${site} says nothing since ${startedAt}` },
      started_at: startedAt,
      fired_at: firedAt,
      ended_at: null,
      at: firedAt,
    };
  }
}
