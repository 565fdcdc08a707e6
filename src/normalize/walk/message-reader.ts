/** Reads the messages of one profile: every metric, and what nobody reads. */
import type { EpochMs } from "../../core/clock.ts";
import { OuterReader } from "../outer-reader.ts";
import { type Path, readPath } from "../paths/path.ts";
import type { Profile } from "../profile.ts";
import { addFound, addMatches, readApart } from "./add-metric.ts";
import type { Findings } from "./findings.ts";
import { MessageWalk } from "./message-walk.ts";
import type { TopicMetrics } from "./metric.ts";
import { emptyPack, type Pack, type Reading } from "./pack.ts";
import type { ProbeNames } from "./probe.ts";
import { pathsRead } from "./profile-paths.ts";
import { ReadNode } from "./read-tree.ts";
import { Target } from "./target.ts";

/** One for each profile, made when its first message comes. */
export class MessageReaders {
  readonly #unread: Findings;
  readonly #readers = new WeakMap<Profile, MessageReader>();

  /** `unread` takes down what nobody reads. */
  constructor(unread: Findings) {
    this.#unread = unread;
  }

  of(profile: Profile): MessageReader {
    const known = this.#readers.get(profile);
    if (known !== undefined) return known;
    const reader = new MessageReader(profile, this.#unread);
    this.#readers.set(profile, reader);
    return reader;
  }
}

export class MessageReader {
  readonly #tree = new ReadNode("");
  readonly #walk: MessageWalk;
  /** Metrics that the tree does not lead to: they are computed, or begin at the whole message. */
  readonly #apart: readonly Target[];
  /** What says that a device lives, of the whole message where members of it are read. */
  readonly #outerAlive: Path[] = [];
  readonly #outer: OuterReader | undefined;

  /** `unread` takes down what nobody reads. */
  constructor(profile: Profile, unread: Findings) {
    this.#walk = new MessageWalk(profile.id, unread);
    const targets = profile.metrics.map((mapping, at) => new Target(mapping, at));
    const isMember = profile.each.length > 0;
    if (isMember) this.#outer = new OuterReader(profile, unread);
    const isApart = ({ mapping }: Target): boolean =>
      mapping.value !== undefined || (isMember && mapping.paths.some(({ outer }) => outer));
    this.#apart = targets.filter(isApart);
    for (const target of targets) if (!isApart(target)) this.#plant(target);
    for (const path of pathsRead(profile))
      if (!(isMember && path.outer)) this.#tree.reach(path).isRead = true;
    for (const path of profile.skip)
      if (!(isMember && path.outer)) this.#tree.reach(path).covered = true;
    for (const path of profile.alive)
      if (isMember && path.outer) this.#outerAlive.push(path);
      else this.#plantAlive(path);
  }

  #plantAlive(path: Path): void {
    const node = this.#tree.reach(path);
    node.isRead = true;
    node.alive = true;
  }

  /** How many values of a message with several members nobody reads, outside of those. */
  readOutside(message: unknown, nowMs: EpochMs): number {
    return this.#outer?.read(message, nowMs) ?? 0;
  }

  /** `metrics` are those of the profile with the names of the topic. */
  read(metrics: TopicMetrics, reading: Reading, probes: ProbeNames, nowMs: EpochMs): Pack {
    const walk = this.#walk;
    walk.start(this.#tree, reading.root, metrics, nowMs);
    for (const target of this.#apart) {
      const metric = metrics[target.at];
      if (metric !== undefined && readApart(target, metric, reading)) walk.touch(target);
    }
    const pack = emptyPack();
    pack.unread = walk.unread;
    pack.alive = walk.alive || this.#outerAlive.some((path) => isThere(path, reading));
    const { touched, touchedCount } = walk;
    for (let at = 0; at < touchedCount; at += 1) {
      const target = touched[at];
      const metric = target && metrics[target.at];
      if (target === undefined || metric === undefined) continue;
      if (target.matches.length > 0) addMatches(pack, metric, target.matches, probes, reading);
      else addFound(pack, metric, target, reading);
    }
    return pack;
  }

  #plant(target: Target): void {
    for (const [rank, path] of target.mapping.paths.entries()) {
      const node = this.#tree.reach(path);
      const keyDepth = path.wildcard === "key" ? path.keys.length : -1;
      const slot = { target, rank, keyDepth, pattern: path.pattern };
      if (path.wildcard === "leaves") node.leaves.push(slot);
      else node.slots.push(slot);
    }
  }
}

function isThere(path: Path, { root, whole }: Reading): boolean {
  return readPath(path, root, whole) !== undefined;
}
