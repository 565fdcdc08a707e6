/** Who may sign in and which programs may ask, as the two files say it now. */
import { type Audit, ownAct } from "../../core/audit.ts";
import { changedEntries } from "../../core/changed-entries.ts";
import type { Clock } from "../../core/clock.ts";
import type { Disk } from "../../core/disk.ts";
import type { Logger } from "../../core/logger.ts";
import { WatchedText } from "../../core/watched-text.ts";
import { parseTokensFile } from "./tokens-file.ts";
import { type ConsoleUser, type LineFault, parseUsersFile } from "./users-file.ts";
import type { ApiToken } from "./who-asks.ts";

export interface KnownPeopleParts {
  readonly usersFile: string;
  readonly tokensFile: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit: Audit;
  /** These are gone, or have another password or role; a token may be gone, too. */
  readonly changed: (names: ReadonlySet<string>) => void;
}

export class KnownPeople {
  readonly #parts: KnownPeopleParts;
  readonly #files: readonly WatchedText[];
  #users: ReadonlyMap<string, ConsoleUser> = new Map();
  #tokens: readonly ApiToken[] = [];
  /** By file: what its entries were, once it was read. */
  readonly #entries = new Map<string, ReadonlyMap<string, string>>();

  constructor(parts: KnownPeopleParts) {
    this.#parts = parts;
    this.#files = [
      this.#watch(parts.usersFile, (text) => this.#takeUsers(text)),
      this.#watch(parts.tokensFile, (text) => this.#takeTokens(text)),
    ];
  }

  /** Resolves when both files were read; goes on looking at them. */
  async start(): Promise<void> {
    for (const file of this.#files) await file.start();
  }

  stop(): void {
    for (const file of this.#files) file.stop();
  }

  user(name: string): ConsoleUser | undefined {
    return this.#users.get(name);
  }

  /** One of the users, whoever it is; undefined where there are none. */
  get anybody(): ConsoleUser | undefined {
    const [first] = this.#users.values();
    return first;
  }

  get tokens(): readonly ApiToken[] {
    return this.#tokens;
  }

  #watch(path: string, take: (text: string) => void): WatchedText {
    const { clock, disk, logger } = this.#parts;
    const unreadable = (reason: string): void =>
      logger.warn(`cannot read ${path}; who could sign in still can`, { reason });
    return new WatchedText({ path, disk, clock, take, unreadable });
  }

  /** A file with a fault leaves those in force who were: half of a file is nobody's intention. */
  #takeUsers(text: string): void {
    const { faults, users } = parseUsersFile(text);
    if (this.#isFaulty(this.#parts.usersFile, faults)) return;
    const before = this.#users;
    this.#users = users;
    const { usersFile } = this.#parts;
    this.#tellChanges(
      "console-users",
      usersFile,
      users.values(),
      ({ role, written }) => `${role} ${written}`,
    );
    const others = [...before.values()].filter(({ name, role, written }) => {
      const now = users.get(name);
      return now?.role !== role || now.written !== written;
    });
    this.#parts.changed(new Set(others.map(({ name }) => name)));
  }

  #takeTokens(text: string): void {
    const { faults, tokens } = parseTokensFile(text);
    if (this.#isFaulty(this.#parts.tokensFile, faults)) return;
    this.#tokens = tokens;
    this.#tellChanges("console-tokens", this.#parts.tokensFile, tokens, ({ endMs, hash, role }) =>
      [role, endMs, Buffer.from(hash).toString("base64")].join(" "),
    );
    this.#parts.changed(new Set());
  }

  #tellChanges<T extends { readonly name: string }>(
    action: string,
    file: string,
    all: Iterable<T>,
    written: (one: T) => string,
  ): void {
    const now = new Map(Array.from(all, (one) => [one.name, written(one)]));
    const before = this.#entries.get(file);
    this.#entries.set(file, now);
    const text = before && changedEntries(before, now);
    if (text !== undefined) this.#parts.audit.note(ownAct(action, file, "done", text));
  }

  #isFaulty(path: string, faults: readonly LineFault[]): boolean {
    for (const { line, message } of faults)
      this.#parts.logger.warn(`${path}:${line}: ${message}; the file is not used as it is now`);
    return faults.length > 0;
  }
}
