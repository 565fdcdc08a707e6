/** Sees what of a message around its members nobody reads. */
import type { EpochMs } from "../core/clock.ts";
import type { Path } from "./paths/path.ts";
import type { Profile } from "./profile.ts";
import type { Findings } from "./walk/findings.ts";
import { MessageWalk } from "./walk/message-walk.ts";
import { pathsRead } from "./walk/profile-paths.ts";
import { ReadNode } from "./walk/read-tree.ts";

/** A member of a list or a map, whatever its key. */
const anyMember: Path = { text: "*", outer: false, keys: [], wildcard: "key", behind: [] };

export class OuterReader {
  /** Its paths begin as those that lead from a member back to the message. */
  readonly #tree = new ReadNode("^");
  readonly #walk: MessageWalk;

  /** `unread` takes down what nobody reads. */
  constructor(profile: Profile, unread: Findings) {
    this.#walk = new MessageWalk(profile.id, unread);
    let outer = [this.#tree];
    for (const { isWhole, paths } of profile.each) {
      const found = outer.flatMap((node) => paths.map((path) => node.reach(path)));
      outer = isWhole ? found : found.map((node) => node.reach(anyMember));
    }
    // Members are read by themselves.
    for (const node of outer) node.covered = true;
    for (const { paths } of profile.metrics) for (const path of paths) this.#read(path);
    for (const path of [...pathsRead(profile), ...profile.alive]) this.#read(path);
    for (const path of profile.skip) if (path.outer) this.#tree.reach(path).covered = true;
  }

  /** How many values of the message nobody reads, outside of its members. */
  read(message: unknown, nowMs: EpochMs): number {
    this.#walk.start(this.#tree, message, [], nowMs);
    return this.#walk.unread;
  }

  #read(path: Path): void {
    if (!path.outer) return;
    const node = this.#tree.reach(path);
    node.isRead = true;
    if (path.wildcard === "leaves") node.covered = true;
  }
}
