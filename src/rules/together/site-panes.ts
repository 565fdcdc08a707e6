/**
 * The panes of a site: those of its gateways wait until the line of the site has passed them, and are
 * joined. A gateway that has none of a pane while its devices are there, since the site goes on
 * without it, counts as devices of which nothing is known.
 */
import type { EpochMs } from "../../core/clock.ts";
import { type GatewayId, toGatewayId } from "../../core/ids.ts";
import { nothingKept } from "../panes/aggregate.ts";
import type { WindowCondition } from "../signals/window-signal.ts";
import { joinPanes, type SealedPane } from "./sealed-pane.ts";

/** Plain JSON. */
export interface SitePanesState {
  /** Panes before this were given; absent before the first. */
  readonly next?: EpochMs;
  /** How many in a row no gateway had anything of. */
  readonly quiet: number;
  readonly here: readonly (readonly [gateway: GatewayId, devices: number])[];
  readonly waiting: readonly (readonly [gateway: GatewayId, panes: readonly SealedPane[]])[];
}

export class SitePanes {
  readonly #condition: WindowCondition;
  readonly #waiting: Map<GatewayId, SealedPane[]>;
  /** Devices that were there at the end of the last pane. */
  readonly #here: Map<GatewayId, number>;
  #nextMs: EpochMs | undefined;
  #quiet: number;

  constructor(condition: WindowCondition, saved?: SitePanesState) {
    this.#condition = condition;
    this.#waiting = new Map(
      saved?.waiting.map(([gateway, panes]) => [toGatewayId(gateway), [...panes]]),
    );
    this.#here = new Map(saved?.here);
    this.#nextMs = saved?.next;
    this.#quiet = saved?.quiet ?? 0;
  }

  /** Devices that are there, by gateway, where the line stands. */
  get here(): ReadonlyMap<GatewayId, number> {
    return this.#here;
  }

  /** How many panes of a gateway wait. */
  waitingOf(gateway: GatewayId): number {
    return this.#waiting.get(gateway)?.length ?? 0;
  }

  /** Keeps a pane, behind all that the gateway gave before. */
  wait(gateway: GatewayId, pane: SealedPane): void {
    const panes = this.#waiting.get(gateway);
    if (panes) panes.push(pane);
    else this.#waiting.set(gateway, [pane]);
  }

  /** What the gateway gave does not count, and its devices are not there. */
  drop(gateway: GatewayId): void {
    this.#waiting.delete(gateway);
    this.#here.delete(gateway);
  }

  /** The line of the site reaches `standMs`: gives the panes that are over, one after the other. */
  *over(standMs: EpochMs): Iterable<SealedPane> {
    const { everyMs, overMs } = this.#condition;
    for (;;) {
      const firstMs = this.#firstWaitingMs();
      const isLost = this.#quiet * everyMs > overMs;
      // Nothing is to be said of panes before the first that waits.
      const isNext = this.#nextMs !== undefined && this.#here.size > 0 && !isLost;
      const startMs = isNext ? this.#nextMs : Math.max(firstMs, this.#nextMs ?? firstMs);
      if (startMs === undefined || startMs + everyMs > standMs) return;
      const pane = this.#join(startMs, firstMs === startMs);
      this.#nextMs = startMs + everyMs;
      if (pane) yield pane;
    }
  }

  toState(): SitePanesState {
    return {
      ...(this.#nextMs !== undefined && { next: this.#nextMs }),
      quiet: this.#quiet,
      here: [...this.#here],
      waiting: [...this.#waiting],
    };
  }

  #firstWaitingMs(): EpochMs {
    let firstMs = Number.POSITIVE_INFINITY;
    for (const [pane] of this.#waiting.values())
      if (pane) firstMs = Math.min(firstMs, pane.startMs);
    return firstMs;
  }

  #join(startMs: EpochMs, isKnown: boolean): SealedPane | undefined {
    const { agg, everyMs } = this.#condition;
    this.#quiet = isKnown ? 0 : this.#quiet + 1;
    const parts: SealedPane[] = [];
    // Sums do not depend on which gateway was met first.
    for (const gateway of [...new Set([...this.#waiting.keys(), ...this.#here.keys()])].sort()) {
      const own = this.#takeFirst(gateway, startMs);
      const here = own?.here ?? this.#here.get(gateway) ?? 0;
      if (here > 0) this.#here.set(gateway, here);
      else this.#here.delete(gateway);
      const kept = nothingKept(agg);
      if (own) parts.push(own);
      else if (here > 0)
        parts.push({ startMs, kept, coveredMs: 0, presentMs: here * everyMs, here });
    }
    return joinPanes(agg, parts);
  }

  #takeFirst(gateway: GatewayId, startMs: EpochMs): SealedPane | undefined {
    const panes = this.#waiting.get(gateway);
    if (!panes) return undefined;
    const end = panes.findIndex((pane) => pane.startMs > startMs);
    const taken = panes.splice(0, end < 0 ? panes.length : end).at(-1);
    if (panes.length === 0) this.#waiting.delete(gateway);
    return taken?.startMs === startMs ? taken : undefined;
  }
}
