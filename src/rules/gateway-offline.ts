/**
 * The one rule by the hub's own clock: a gateway that says nothing at all is gone, unless it stopped
 * on purpose. What the gateway itself would say of it can never come.
 *
 * Its moments are those at which the server stored the messages around the silence, so whoever finds
 * it gives it the same id: after a restart, or beside another processor.
 */
import type { EpochMs } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import { escapeToken } from "../core/token.ts";
import type { Outbox } from "./outbox.ts";
import { type OfflineRule, offlineRuleId, reservedGroup } from "./reserved-rules.ts";
import { episodeOf, type TransitionDraft } from "./transition.ts";

/** What the hub sees of a gateway's stream. */
export interface GatewaySighting extends Origin {
  /** When the server stored its last message. */
  readonly storedMs: EpochMs;
  /** For how long the hub has watched, without a break, that nothing was added. */
  readonly quietMs: number;
}

export class GatewayOffline {
  readonly #origin: Origin;
  readonly #rule: OfflineRule | undefined;
  readonly #outbox: Outbox;
  #last: TransitionDraft | undefined;

  /** `last` is the open episode of a snapshot. */
  constructor(
    origin: Origin,
    rule: OfflineRule | undefined,
    outbox: Outbox,
    last: TransitionDraft | undefined,
  ) {
    this.#origin = origin;
    this.#rule = rule;
    this.#outbox = outbox;
    this.#last = last;
  }

  /** The last transition of the open episode; undefined while the gateway speaks. */
  get last(): TransitionDraft | undefined {
    return this.#last;
  }

  /** `stopped`: the last that it said is that it stops. */
  see({ quietMs, storedMs }: GatewaySighting, stopped: boolean): void {
    if (this.#last) {
      if (!this.#rule) this.end("rule_removed", Date.parse(this.#last.at));
      else if (formatTime(storedMs) > this.#last.started_at) this.end("normal", storedMs);
    }
    if (this.#last || !this.#rule || stopped || quietMs < this.#rule.afterMs) return;
    this.#last = this.#fire(storedMs, this.#rule);
    this.#outbox.put(this.#last);
  }

  /** Ends the open episode, if there is one. */
  end(reason: "normal" | "rule_removed" | "gateway_removed", atMs: EpochMs): void {
    if (!this.#last) return;
    const n = this.#last.n + 1;
    const at = formatTime(Math.max(atMs, Date.parse(this.#last.at)));
    const id = `${this.#last.episode}.${n}`;
    this.#outbox.put({ ...this.#last, id, n, state: "ended", reason, ended_at: at, at });
    this.#last = undefined;
  }

  /** What is stored is the truth: an open episode goes on here. */
  goOnBehind(stored: TransitionDraft): void {
    this.#last = stored.state === "firing" ? stored : undefined;
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
