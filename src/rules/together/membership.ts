/**
 * Which gateways of a site have devices that a rule selects. It changes at moments of the site's line,
 * so it does not matter which gateway is read first.
 */
import type { EpochMs } from "../../core/clock.ts";
import { type GatewayId, toGatewayId } from "../../core/ids.ts";
import type { GroupEnd } from "./group-judge.ts";

/** `reason`: the last device of the gateway goes; absent: the first one comes. */
interface Change {
  readonly atMs: EpochMs;
  readonly reason?: GroupEnd;
}

/** Nobody is left. */
export interface EveryoneGone {
  readonly atMs: EpochMs;
  readonly reason: GroupEnd;
}

/** Plain JSON. */
export interface MembershipState {
  readonly here: readonly GatewayId[];
  readonly changes: readonly (readonly [gateway: GatewayId, changes: readonly Change[]])[];
}

export class Membership {
  readonly #here: Set<GatewayId>;
  readonly #changes: Map<GatewayId, readonly Change[]>;

  constructor(saved?: MembershipState) {
    this.#here = new Set(saved?.here.map(toGatewayId));
    this.#changes = new Map(saved?.changes);
  }

  /** Where the site's line stands. */
  get here(): ReadonlySet<GatewayId> {
    return this.#here;
  }

  /** The first device of a gateway comes at `atMs`, or the last one goes for a reason. */
  note(gateway: GatewayId, atMs: EpochMs, reason?: GroupEnd): void {
    const noted = this.#changes.get(gateway) ?? [];
    const change = {
      atMs: Math.max(atMs, noted.at(-1)?.atMs ?? 0),
      ...(reason !== undefined && { reason }),
    };
    this.#changes.set(gateway, [...noted, change]);
  }

  /** The line passes `toMs`. Gives each moment at which the last gateway went. */
  pass(toMs: EpochMs): readonly EveryoneGone[] {
    if (this.#changes.size === 0) return [];
    const due: (Change & { readonly gateway: GatewayId })[] = [];
    for (const [gateway, changes] of this.#changes) {
      const rest = changes.filter((change) => change.atMs > toMs);
      for (const change of changes) if (change.atMs <= toMs) due.push({ ...change, gateway });
      if (rest.length > 0) this.#changes.set(gateway, rest);
      else this.#changes.delete(gateway);
    }
    due.sort((one, other) => one.atMs - other.atMs || comesFirst(one) - comesFirst(other));
    const ends: EveryoneGone[] = [];
    for (const { atMs, gateway, reason } of due)
      if (reason === undefined) this.#here.add(gateway);
      else if (this.#here.delete(gateway) && this.#here.size === 0) ends.push({ atMs, reason });
    return ends;
  }

  /** The gateway is no more; true where it was the last, and none is on its way. */
  remove(gateway: GatewayId): boolean {
    const wasHere = this.#here.delete(gateway);
    this.#changes.delete(gateway);
    return wasHere && this.#here.size === 0 && this.#changes.size === 0;
  }

  toState(): MembershipState {
    return { here: [...this.#here], changes: [...this.#changes] };
  }
}

/** Of what happens at one moment: where devices move from one gateway to another, nobody is gone. */
function comesFirst({ reason }: Change): number {
  return reason === undefined ? 0 : 1;
}
