/** What is known of an edge node and of the devices behind it. */
import type { EpochMs } from "../../core/clock.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { KnownDevice } from "../../normalize/known-device.ts";
import type { BirthTable } from "./birth-table.ts";
import { MetricNames } from "./metric-names.ts";
import { Sequence } from "./sequence.ts";

/** The node itself, or a device behind it. */
export interface Member {
  readonly id: DeviceId;
  /** As its topic calls it; undefined for the node. */
  readonly device: string | undefined;
  readonly names: MetricNames;
  known: KnownDevice;
  /** Undefined before the first birth. */
  table: BirthTable | undefined;
  /** The aliases of its table are those that it uses now. */
  holds: boolean;
  /** It was said to be gone. */
  isGone: boolean;
  /** Its node was born since, and it was not. */
  isUnborn: boolean;
}

export function keyOf(
  { group, node }: Pick<EdgeNode, "group" | "node">,
  owner: DeviceId | undefined,
): string {
  return `${group}/${node}${owner === undefined ? "" : `/${owner}`}`;
}

export class EdgeNode {
  readonly group: string;
  readonly node: string;
  readonly sequence = new Sequence();
  /** The node itself under the empty name. */
  readonly members = new Map<string, Member>();
  /** The device that its credentials name: nobody else speaks for it. */
  readonly owner: DeviceId | undefined;
  /** `bdSeq` of its birth. */
  birthCount: number | undefined;
  /** When it says that it was born. */
  bornMs: EpochMs | undefined;
  /** When it says that it sent the message that `sequence` goes on from. */
  saidMs: EpochMs | undefined;

  /** Why it has to be born once more; undefined where it has not. */
  wants: string | undefined;

  constructor(group: string, node: string, owner: DeviceId | undefined) {
    this.group = group;
    this.node = node;
    this.owner = owner;
  }

  get key(): string {
    return keyOf(this, this.owner);
  }

  /** Some of its births explain what it sends now. */
  get isAlive(): boolean {
    for (const { holds } of this.members.values()) if (holds) return true;
    return false;
  }

  /** What it sends from now on is not explained by what it said before. */
  doubt(): void {
    for (const member of this.members.values()) member.holds = false;
  }
}

export function newMember(known: KnownDevice, device: string | undefined): Member {
  return {
    ...{ id: known.id, device, known, names: new MetricNames() },
    ...{ table: undefined, holds: false, isGone: false, isUnborn: false },
  };
}
