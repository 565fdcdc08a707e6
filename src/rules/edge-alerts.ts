/**
 * Alerts that gateways found themselves: passed on as they come, and remembered while they are open,
 * since whoever stores alerts must know all that are. Nothing is judged here, so a rule need not be
 * known for its alerts to be passed on.
 */
import type { Origin } from "../core/event.ts";
import type { GatewayId } from "../core/ids.ts";
import type { Outbox } from "./words/outbox.ts";
import { endUnjudged, episodeOf, type TransitionDraft } from "./words/transition.ts";

/** So many of one gateway may be open at once; what comes beyond is left out. */
const mostOpen = 10_000;

/** The alerts of one gateway, as the snapshot has them. */
export interface EdgeAlertsState {
  readonly gateway: GatewayId;
  /** The last transitions of what is open. */
  readonly open: readonly TransitionDraft[];
  /** Episodes that ended otherwise than by their gateway, by instance: it may say more of them. */
  readonly over: readonly (readonly [string, string])[];
}

interface OfGateway {
  readonly open: Map<string, TransitionDraft>;
  readonly over: Map<string, string>;
}

export class EdgeAlerts {
  readonly #gateways = new Map<GatewayId, OfGateway>();

  constructor(saved: readonly EdgeAlertsState[] = []) {
    for (const { gateway, open, over } of saved)
      this.#gateways.set(gateway, {
        open: new Map(open.map((last) => [last.instance, last])),
        over: new Map(over),
      });
  }

  /** Passes on what a gateway found; false where it is none of its own, or one too many. */
  take(found: TransitionDraft, origin: Origin, outbox: Outbox): boolean {
    const { episode, instance, state } = found;
    if (!isOf(found, origin)) return false;
    const { open, over } = this.#of(origin.gateway);
    if (over.get(instance) === episode) return true;
    if (open.size >= mostOpen && !open.has(instance)) return false;
    over.delete(instance);
    if (state === "firing") open.set(instance, found);
    else open.delete(instance);
    outbox.put(found);
    return true;
  }

  *open(): Iterable<TransitionDraft> {
    for (const { open } of this.#gateways.values()) yield* open.values();
  }

  /** The gateway is gone, and its alerts with it. */
  leave(gateway: GatewayId, tMs: number, outbox: Outbox): void {
    for (const last of this.#gateways.get(gateway)?.open.values() ?? [])
      outbox.put(endUnjudged(last, "gateway_removed", tMs));
    this.#gateways.delete(gateway);
  }

  /** What is stored counts: it fires until its gateway says more, or it is over whatever that says. */
  goOnBehind(gateway: GatewayId, stored: TransitionDraft): void {
    const { episode, instance, state } = stored;
    const { open, over } = this.#of(gateway);
    if (state === "firing") open.set(instance, stored);
    else if (open.delete(instance)) over.set(instance, episode);
    for (const oldest of over.keys()) {
      if (over.size <= mostOpen) break;
      over.delete(oldest);
    }
  }

  /** Undefined for nothing. */
  toState(): readonly EdgeAlertsState[] | undefined {
    const states = Array.from(this.#gateways, ([gateway, { open, over }]) => {
      return { gateway, open: [...open.values()], over: [...over] };
    }).filter(({ open, over }) => open.length + over.length > 0);
    return states.length > 0 ? states : undefined;
  }

  #of(gateway: GatewayId): OfGateway {
    const known = this.#gateways.get(gateway) ?? { open: new Map(), over: new Map() };
    this.#gateways.set(gateway, known);
    return known;
  }
}

/** A gateway speaks for itself only, and of alerts whose ids are what they have to be. */
function isOf(found: TransitionDraft, { gateway, site }: Origin): boolean {
  const { episode, evaluated, id, instance, labels, n, started_at } = found;
  return (
    evaluated === "edge" &&
    labels["site"] === site &&
    labels["gateway"] === gateway &&
    Number.isSafeInteger(n) &&
    n > 0 &&
    /^[0-9a-f]{16}$/.test(instance) &&
    episode === episodeOf(instance, started_at) &&
    id === `${episode}.${n}`
  );
}
