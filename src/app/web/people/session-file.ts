/**
 * Who is signed in, on disk: a restart signs nobody out who may still be there. The file has hashes
 * only. Where it cannot be written, a restart signs everybody out, and that is all.
 */
import { consoleRoles } from "../../../api/principal.ts";
import type { KnownPeople } from "../../../api/sign-in/known-people.ts";
import type { KeptSession, SessionBook } from "../../../api/sign-in/session-book.ts";
import { linkProof, proofOf } from "../../../api/sign-in/session-proof.ts";
import type { Clock, Timer } from "../../../core/clock.ts";
import type { Disk } from "../../../core/disk.ts";
import { isObject } from "../../../core/is-object.ts";
import type { Logger } from "../../../core/logger.ts";
import { systemReason } from "../../../core/system-reason.ts";
import { textFile } from "../../../gateway/small-file.ts";

/** When somebody was there last is written so often, where nothing else changed. */
const writeEveryMs = 600_000;
const soonMs = 200;

export interface SessionFileParts {
  readonly sessions: SessionBook;
  readonly people: Pick<KnownPeople, "user">;
  readonly disk: Disk;
  readonly folder: string;
  /** Its name in the folder. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class SessionFile {
  readonly #parts: SessionFileParts;
  readonly #file: ReturnType<typeof textFile>;
  #timer: Timer | undefined;
  #written = "";
  #trouble: string | undefined;

  constructor(parts: SessionFileParts) {
    this.#parts = parts;
    this.#file = textFile(parts.disk, parts.folder, parts.name);
  }

  /** Signs in again who was when the process before ended, as far as they may still be there. */
  async recall(): Promise<void> {
    const { people, sessions } = this.#parts;
    const text = await this.#file.read().catch(() => undefined);
    sessions.recall(
      parse(text ?? "").filter(({ name, proof }) => {
        const user = people.user(name);
        return user ? proof === proofOf(user) : proof === linkProof;
      }),
    );
    this.#again(writeEveryMs);
  }

  /** Somebody came or went. */
  changed(): void {
    this.#again(soonMs);
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#write();
  }

  #again(inMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.setTimer(inMs, () => {
      void this.#write();
      this.#again(writeEveryMs);
    });
  }

  async #write(): Promise<void> {
    const text = JSON.stringify(this.#parts.sessions.kept());
    if (text === this.#written) return;
    try {
      await this.#file.replace(text);
      this.#written = text;
      this.#trouble = undefined;
    } catch (thrown) {
      const reason = systemReason(thrown);
      if (reason !== this.#trouble)
        this.#parts.logger.warn("cannot keep who is signed in; a restart signs them out", {
          file: this.#parts.name,
          reason,
        });
      this.#trouble = reason;
    }
  }
}

/** What is no session, or not one of ours, is none. */
function parse(text: string): readonly KeptSession[] {
  try {
    const all: unknown = JSON.parse(text);
    return Array.isArray(all) ? all.filter(isKept) : [];
  } catch {
    return [];
  }
}

function isKept(value: unknown): value is KeptSession {
  if (!isObject(value)) return false;
  const { endMs, key, name, proof, role, usedMs } = value;
  return (
    [key, name, proof].every((one) => typeof one === "string") &&
    [endMs, usedMs].every((one) => Number.isFinite(one)) &&
    consoleRoles.some((one) => one === role)
  );
}
