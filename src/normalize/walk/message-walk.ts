/**
 * One walk over a message along the tree of its profile's paths: what each metric reads, and what
 * nobody reads. It takes a time that the length of the message bounds, whatever the profile has.
 */
import type { EpochMs } from "../../core/clock.ts";
import { findInKey } from "../paths/key-pattern.ts";
import { isRecord, isScalar, mostMembers, type Scalar, visitLeaves } from "../paths/path.ts";
import { isTraceField } from "../said-trace.ts";
import { isEmpty } from "../values/no-value.ts";
import type { Findings } from "./findings.ts";
import type { TopicMetrics } from "./metric.ts";
import { probeOf } from "./probe.ts";
import type { ReadNode, Slot } from "./read-tree.ts";
import type { Match, Target } from "./target.ts";
import { UnreadNotes } from "./unread-notes.ts";

/** What one walk found; the same object for each message of a profile. */
export class MessageWalk {
  /** The metrics that something was found for, in the order of the profile; only so many of the list. */
  readonly touched: Target[] = [];
  touchedCount = 0;
  alive = false;
  readonly #unread: UnreadNotes;
  #metrics: TopicMetrics = [];
  /** The keys on the way down, and what stood at them. */
  readonly #keys: string[] = [];
  readonly #members: unknown[] = [];
  /** Metrics that take what no other path leads to, and how many keys stand above where they begin. */
  #rest: readonly Slot[] = [];
  #restDepth = 0;

  /** `findings` takes down what nobody reads, under the name of the profile. */
  constructor(profile: string, findings: Findings) {
    this.#unread = new UnreadNotes(profile, findings);
  }

  /** Walks a message; what was found before is forgotten. `metrics` are those of its topic. */
  start(tree: ReadNode, message: unknown, metrics: TopicMetrics, nowMs: EpochMs): void {
    for (let at = 0; at < this.touchedCount; at += 1) this.touched[at]?.empty();
    this.touchedCount = 0;
    this.#unread.start(nowMs);
    this.alive = false;
    this.#metrics = metrics;
    if (isRecord(message)) this.#visit(tree, message, 0, false);
    else if (!this.#visitScalar(tree, message) && isScalar(message))
      this.#unread.note("$", message);
    if (this.#members.length > 0) this.#members.length = 0;
  }

  /** So many values are read by nobody. */
  get unread(): number {
    return this.#unread.count;
  }

  /** Adds a metric to those that something was found for. */
  touch(target: Target): void {
    if (target.isTouched) return;
    target.isTouched = true;
    const { touched } = this;
    let at = this.touchedCount;
    this.touchedCount += 1;
    for (; at > 0; at -= 1) {
      const before = touched[at - 1];
      if (before === undefined || before.at < target.at) break;
      touched[at] = before;
    }
    touched[at] = target;
  }

  /** `isCovered`: a path above has all that is below it. */
  #visit(
    node: ReadNode,
    value: Readonly<Record<string, unknown>>,
    depth: number,
    isCovered: boolean,
  ): void {
    const covered = isCovered || node.covered;
    if (node.alive) this.alive = true;
    if (node.slots.length > 0) this.#takeWhole(node, value);
    if (covered && node.isEnd && node.leaves.length === 0) return;
    if (node.leaves.length === 0) {
      this.#visitBelow(node, value, depth, covered);
      return;
    }
    const rest = this.#rest;
    const restDepth = this.#restDepth;
    this.#rest = node.leaves;
    this.#restDepth = depth;
    this.#visitBelow(node, value, depth, covered);
    this.#rest = rest;
    this.#restDepth = restDepth;
  }

  #visitBelow(
    node: ReadNode,
    value: Readonly<Record<string, unknown>>,
    depth: number,
    covered: boolean,
  ): void {
    if (Array.isArray(value)) this.#visitList(node, value, depth, covered);
    else this.#visitObject(node, value, depth, covered);
  }

  #visitObject(
    node: ReadNode,
    value: Readonly<Record<string, unknown>>,
    depth: number,
    covered: boolean,
  ): void {
    const isPlain = node.isFixed && this.#rest.length === 0;
    for (const key in value) {
      const below = value[key];
      const child = node.isFixed ? node.keys.get(key) : node.child(key);
      if (child !== undefined) {
        if (!isPlain) {
          this.#keys[depth] = key;
          this.#members[depth] = below;
        }
        if (isRecord(below)) {
          this.#visit(child, below, depth + 1, covered);
          continue;
        }
        if (this.#visitScalar(child, below)) continue;
      }
      if (!covered) this.#leave(node, key, key, below, depth);
    }
  }

  #visitList(node: ReadNode, list: readonly unknown[], depth: number, covered: boolean): void {
    const { filters } = node;
    for (let at = 0; at < list.length; at += 1) {
      const below = list[at];
      const member = filters && at < mostMembers ? memberNode(filters, below) : undefined;
      const child = member === undefined ? node.item(at) : node.itemLike(at, member);
      if (child !== undefined) {
        this.#keys[depth] = String(at);
        this.#members[depth] = below;
        if (isRecord(below)) {
          this.#visit(child, below, depth + 1, covered);
          continue;
        }
        if (this.#visitScalar(child, below)) continue;
      }
      if (!covered) this.#leave(node, "*", String(at), below, depth);
    }
  }

  /**
   * No path has what stands at this key: those that take the rest do, or it is noted. Which trace a
   * message is of is read by others.
   */
  #leave(node: ReadNode, shown: string, key: string, value: unknown, depth: number): void {
    if (depth === 0 && isTraceField(key, value)) return;
    if (this.#rest.length > 0) {
      if (this.#rest.some(({ target }) => target.hasRoom && this.#metrics[target.at] !== undefined))
        this.#takeRest(this.#keyAt(depth, key), value, depth + 1);
    } else this.#unread.noteBelow(node, shown, value);
  }

  /** False where nobody reads it. */
  #visitScalar(node: ReadNode, value: unknown): boolean {
    if (node.alive) this.alive = true;
    const isTaken = (value === null || isScalar(value)) && this.#take(node, value);
    return isTaken || node.isRead || node.covered;
  }

  /** False where no metric takes it. */
  #take(node: ReadNode, value: Scalar | null): boolean {
    let isTaken = false;
    const { leaves, slots } = node;
    for (let at = 0; at < slots.length; at += 1) {
      const slot = slots[at];
      if (slot === undefined) continue;
      const { target } = slot;
      if (this.#metrics[target.at] === undefined) continue;
      if (slot.keyDepth >= 0) isTaken = this.#takeMatch(slot, value) || isTaken;
      // The second member of a list that a filter leads to is not the one that is meant.
      else if (slot.rank !== target.rank) {
        isTaken = true;
        this.touch(target);
        if (value !== null && slot.rank < target.rank) {
          target.rank = slot.rank;
          target.value = value;
        }
      }
    }
    if (leaves.length === 0) return isTaken;
    for (const { target } of leaves) {
      if (this.#metrics[target.at] === undefined) continue;
      isTaken = true;
      this.#push(target, { key: "value", value, member: undefined, probe: undefined });
    }
    return isTaken;
  }

  /**
   * A list or an object where a single value belongs: no value where it is empty, and where other paths
   * go on, one that is told in parts.
   */
  #takeWhole(node: ReadNode, value: object): void {
    if (isEmpty(value)) this.#take(node, null);
    else if (node.isEnd)
      for (const { keyDepth, target } of node.slots)
        if (keyDepth < 0) {
          this.touch(target);
          target.wrong ??= value;
        }
  }

  #takeMatch({ keyDepth, pattern, target }: Slot, value: Scalar | null): boolean {
    const whole = this.#keys[keyDepth] ?? "";
    if (keyDepth === 0 && isTraceField(whole, value)) return false;
    const key = pattern === undefined ? whole : findInKey(pattern, whole);
    if (key === undefined || target.excepts(key)) return false;
    const member = this.#members[keyDepth];
    this.#push(target, { key, value, member, probe: probeOf(target.mapping, member) });
    return true;
  }

  /** Everything below a value that no other path leads to, under its keys joined by dots. */
  #takeRest(prefix: string, value: unknown, depth: number): void {
    for (const { target } of this.#rest) {
      if (this.#metrics[target.at] === undefined) continue;
      visitLeaves(prefix, value, Math.max(0, depth - this.#restDepth), (key, leaf) =>
        target.excepts(key)
          ? true
          : this.#push(target, { key, value: leaf, member: undefined, probe: undefined }),
      );
    }
  }

  /** The keys from where the rest begins down to here. */
  #keyAt(depth: number, last: string): string {
    const from = this.#restDepth;
    return depth === from ? last : `${this.#keys.slice(from, depth).join(".")}.${last}`;
  }

  #push(target: Target, match: Match): boolean {
    this.touch(target);
    return target.add(match);
  }
}

function memberNode(
  filters: ReadonlyMap<string, ReadonlyMap<string, ReadNode>>,
  member: unknown,
): ReadNode | undefined {
  if (!isRecord(member)) return undefined;
  for (const [key, byText] of filters) {
    const value = member[key];
    const node = isScalar(value) ? byText.get(String(value)) : undefined;
    if (node !== undefined) return node;
  }
  return undefined;
}
