/**
 * Whether a gateway that could not be heard for a while has told everything by now. What happened in
 * between is told once all of it is known: at the latest after ten minutes.
 */
import type { Clock } from "../core/clock.ts";
import type { GatewayId, SiteId } from "../core/ids.ts";

/** So near to now is the watermark of a gateway that has caught up. */
const nearMs = 30_000;
/** Behind that, those who judge may have so much to do. */
const quietMs = 5_000;
const longestMs = 600_000;

export interface HeldGateway {
  readonly site: SiteId;
  /** Undefined for what is about a site: no gateway is waited for. */
  readonly gateway: GatewayId | undefined;
}

interface Watch extends HeldGateway {
  readonly sinceMs: number;
  lastMs: number;
  near: boolean;
  held: number;
}

export class GatewayCatchUp {
  readonly #clock: Clock;
  readonly #watches = new Map<string, Watch>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something was learned late of it. */
  noteLate(held: HeldGateway): void {
    const nowMs = this.#clock.monotonicMs();
    const key = keyOf(held);
    const watch = this.#watches.get(key);
    if (watch) watch.lastMs = nowMs;
    else this.#watches.set(key, { ...held, sinceMs: nowMs, lastMs: nowMs, near: false, held: 0 });
  }

  /** True when everything is known, as far as anybody can wait. */
  isDone(held: HeldGateway): boolean {
    const watch = this.#watches.get(keyOf(held));
    if (!watch) return true;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - watch.sinceMs >= longestMs) return true;
    return (watch.near || watch.gateway === undefined) && nowMs - watch.lastMs >= quietMs;
  }

  /** Those whose watermark is of interest. */
  *watched(): Iterable<{ readonly site: SiteId; readonly gateway: GatewayId }> {
    for (const { gateway, near, site } of this.#watches.values())
      if (gateway !== undefined && !near) yield { site, gateway };
  }

  /** The watermark of a gateway stands at `tMs`. */
  noteWatermark(held: HeldGateway, tMs: number): void {
    const watch = this.#watches.get(keyOf(held));
    if (!watch || watch.near || this.#clock.wallMs() - tMs > nearMs) return;
    watch.near = true;
    // What it said last is judged only now.
    watch.lastMs = this.#clock.monotonicMs();
  }

  /** Nothing of it is held any more. */
  forgetDone(): void {
    for (const [key, watch] of this.#watches) if (this.isDone(watch)) this.#watches.delete(key);
  }
}

function keyOf({ gateway, site }: HeldGateway): string {
  return JSON.stringify([site, gateway]);
}
