/** The users file of a broker that runs: what it says counts within seconds, without a restart. */
import { type Audit, ownAct } from "../../core/audit.ts";
import { changedEntries } from "../../core/changed-entries.ts";
import type { Clock } from "../../core/clock.ts";
import type { Disk } from "../../core/disk.ts";
import type { Checked } from "../../core/fault.ts";
import type { Logger } from "../../core/logger.ts";
import { WatchedText } from "../../core/watched-text.ts";
import type { Users } from "./users.ts";

/** 100,000 users with a few filters each. */
const mostBytes = 64 * 2 ** 20;

export interface UsersWatchParts {
  /** Absolute. */
  readonly path: string;
  readonly parse: (text: string) => Checked<Users>;
  readonly changeUsers: (users: Users) => void;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit: Audit;
}

export class UsersWatch {
  readonly #parts: UsersWatchParts;
  readonly #file: WatchedText;
  #entries: ReadonlyMap<string, string> | undefined;

  constructor(parts: UsersWatchParts) {
    this.#parts = parts;
    const { clock, disk, logger, path } = parts;
    this.#file = new WatchedText({
      ...{ path, disk, clock, mostBytes },
      take: (text) => this.#take(text),
      unreadable: (reason) =>
        logger.warn("cannot read the users file; who could connect still can", { path, reason }),
    });
  }

  /** Resolves when it was read once. */
  start(): Promise<void> {
    return this.#file.start();
  }

  stop(): void {
    this.#file.stop();
  }

  /** A file with a fault leaves those in force who were: half of a file is nobody's intention. */
  #take(text: string): void {
    const { audit, changeUsers, logger, parse, path } = this.#parts;
    const checked = parse(text);
    if (!checked.ok) {
      const [first] = checked.faults;
      const fault = `${first?.path.join(".") ?? ""}: ${first?.message ?? ""}`;
      logger.warn("the users file has faults; who could connect still can", { path, fault });
      audit.note(ownAct("mqtt-users", path, "failed", `${checked.faults.length} faults, ${fault}`));
      return;
    }
    const now = printsOf(checked.value);
    const changes = this.#entries && changedEntries(this.#entries, now);
    this.#entries = now;
    changeUsers(checked.value);
    if (changes !== undefined) audit.note(ownAct("mqtt-users", path, "done", changes));
  }
}

function printsOf(users: Users): ReadonlyMap<string, string> {
  return new Map(Array.from(users.values(), (user) => [user.name, JSON.stringify(user)]));
}
