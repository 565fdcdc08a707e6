/** All edge nodes. Bounded: one that is new takes the place of one that is not there, if any. */
import { type DeviceId, isId, toDeviceId } from "../../core/ids.ts";
import type { BirthTable } from "./birth-table.ts";
import { mostCharacters, mostDevices, mostMetrics, mostNodes, mostUntoldNames } from "./bounds.ts";
import { idTextOf } from "./device-id.ts";
import { EdgeNode, keyOf, type Member, newMember } from "./edge-node.ts";
import { knownMember } from "./member-profile.ts";

export interface Place {
  readonly group: string;
  readonly node: string;
  /** Undefined for the node itself. */
  readonly device: string | undefined;
}

export class EdgeNodes {
  readonly #nodes = new Map<string, EdgeNode>();
  readonly #members = new Map<DeviceId, { readonly node: EdgeNode; readonly member: Member }>();
  #characters = 0;
  #metrics = 0;
  #untoldNames = 0;

  /** Nodes and devices of which a birth is known. */
  get described(): number {
    let count = 0;
    for (const { member } of this.#members.values()) if (member.table !== undefined) count += 1;
    return count;
  }

  *all(): Iterable<EdgeNode> {
    yield* this.#nodes.values();
  }

  find(id: DeviceId): { readonly node: EdgeNode; readonly member: Member } | undefined {
    return this.#members.get(id);
  }

  /**
   * The node, and the member of it that the topic is of; both are made where they are new. `owner` is
   * the device that the credentials of the sender name.
   */
  open(
    place: Place,
    owner: DeviceId | undefined,
  ): { readonly node: EdgeNode; readonly member: Member } | { readonly problem: string } {
    const name = place.device ?? "";
    const before = this.#nodes.get(keyOf(place, owner));
    const known = before?.members.get(name);
    if (before !== undefined && known !== undefined) return { node: before, member: known };
    if (owner !== undefined && place.device !== undefined)
      return {
        problem: `its sender is the device ${owner}, which cannot be "${place.device.slice(0, 64)}", too: a node with devices behind it needs credentials that name none`,
      };
    const id = owner ?? idTextOf(place);
    if (!isId(id)) return { problem: `"${id.slice(0, 64)}" cannot be the id of a device` };
    if (before === undefined && this.#nodes.size >= mostNodes && !this.#makeRoom())
      return { problem: `at most ${mostNodes} edge nodes are kept` };
    if (this.#members.size >= mostDevices && !this.#makeRoom(before))
      return { problem: `at most ${mostDevices} nodes and devices are kept` };
    const node = before ?? new EdgeNode(place.group, place.node, owner);
    const member = newMember(knownMember(toDeviceId(id), place.device, undefined), place.device);
    this.#nodes.set(node.key, node);
    node.members.set(name, member);
    this.#members.set(member.id, { node, member });
    return { node, member };
  }

  /** Gives the member another table; a sentence where there is no room for it. */
  describe(member: Member, table: BirthTable): string | undefined {
    const { table: before } = member;
    const metrics = this.#metrics + sizeOf(table) - sizeOf(before);
    const characters = this.#characters + table.characters - (before?.characters ?? 0);
    if (metrics > mostMetrics) return `all births together have at most ${mostMetrics} metrics`;
    if (characters > mostCharacters)
      return `all births together have at most ${mostCharacters} characters`;
    this.#metrics = metrics;
    this.#characters = characters;
    member.table = table;
    member.known = knownMember(member.id, member.device, table);
    return undefined;
  }

  /** True where one more name may be kept that no birth tells of. */
  readonly mayName = (): boolean => {
    this.#untoldNames += 1;
    return this.#untoldNames <= mostUntoldNames;
  };

  /** Forgets the first node that is not there; false where all are. */
  #makeRoom(besides?: EdgeNode): boolean {
    for (const node of this.#nodes.values()) {
      if (node.isAlive || node === besides) continue;
      this.#nodes.delete(node.key);
      for (const { id, table } of node.members.values()) {
        this.#members.delete(id);
        this.#metrics -= sizeOf(table);
        this.#characters -= table?.characters ?? 0;
      }
      return true;
    }
    return false;
  }
}

function sizeOf(table: BirthTable | undefined): number {
  return table?.definitions.size ?? 0;
}
