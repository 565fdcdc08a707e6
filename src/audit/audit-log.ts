/** Who did what, and who was refused: told one by one, or where it happens often once and then counted. */
import { type Audit, type AuditEntry, type AuditFacts, ownAct } from "../core/audit.ts";
import type { Clock, Timer } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { systemReason } from "../core/system-reason.ts";
import { entryId } from "./audit-entry.ts";
import type { AuditFile, OpenedAudit } from "./audit-file.ts";
import { markText } from "./chain.ts";
import { RepeatCounts, type RepeatRule } from "./repeat-counts.ts";

/** Where it is kept. */
export type AuditKeeper = Pick<OpenedAudit, "entries" | "trouble"> & {
  readonly file: Pick<AuditFile, "append" | "close" | "end">;
};

export interface AuditLogParts {
  /** Which process tells it: `/plant-a/gw1`. */
  readonly source: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Those that are shown. */
const mostShown = 2_000;
/** What waits for a disk that does not take it; what comes then is told in the journal only. */
const mostWaiting = 10_000;
const mostTextLength = 1_000;
/** What the log says of itself. */
const logAction = "audit-log";
const againMs = 5_000;
const markMs = 86_400_000;

/** Names are made up by strangers; addresses less so. */
const refusals: RepeatRule = {
  keyOf: ({ action, from }) => `${action} ${from}`,
  most: 60,
  everyMs: 60_000,
  words: (more) => `${more} more were refused within a minute`,
};
const repeats: RepeatRule = {
  keyOf: ({ action, by, from }) => `${action} ${from} ${by}`,
  most: 5_000,
  everyMs: 3_600_000,
  words: (more) => `${more} more within an hour`,
};

type Unnumbered = Omit<AuditEntry, "id">;

export class AuditLog implements Audit {
  readonly #parts: AuditLogParts;
  readonly #refusals: RepeatCounts;
  readonly #repeats: RepeatCounts;
  readonly #shown: AuditEntry[] = [];
  #opened: AuditKeeper | undefined;
  /** Told before the file was open. */
  #early: Unnumbered[] = [];
  /** Numbered, and not on the medium yet. */
  #waiting: AuditEntry[] = [];
  #seq = 0;
  #lost = 0;
  #trouble: string | undefined;
  #writing: Promise<void> | undefined;
  #again: Timer | undefined;
  #marked: Timer | undefined;

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
    const tell = (facts: AuditFacts): void => this.#tell(facts);
    this.#refusals = new RepeatCounts(refusals, parts.clock, tell);
    this.#repeats = new RepeatCounts(repeats, parts.clock, tell);
  }

  /** Goes on in a file. What was noted before is kept until then. */
  begin(opened: AuditKeeper): void {
    this.#opened = opened;
    this.#seq = opened.file.end.seq;
    this.#shown.push(...opened.entries.slice(-mostShown));
    this.#tellMark();
    if (opened.trouble !== undefined) {
      this.#parts.logger.error("the audit log is not as it was left", { found: opened.trouble });
      this.#number({ atMs: this.#nowMs(), ...ownAct(logAction, null, "failed", opened.trouble) });
    }
    for (const early of this.#early.splice(0)) this.#number(early);
  }

  note(facts: AuditFacts): void {
    if (facts.outcome !== "refused") this.#tell(facts);
    else this.#refusals.note(facts, 1);
  }

  count(facts: AuditFacts, times = 1): void {
    if (facts.outcome === "refused") this.#refusals.note(facts, times);
    else this.#repeats.note(facts, times);
  }

  /** The newest first, those behind `before` where that is given. */
  newest(limit: number, before?: string): { entries: AuditEntry[]; more: boolean } {
    const at = before === undefined ? -1 : this.#shown.findIndex(({ id }) => id === before);
    const end = at < 0 ? this.#shown.length : at;
    const start = Math.max(0, end - limit);
    return { entries: this.#shown.slice(start, end).reverse(), more: start > 0 };
  }

  /** Resolves when all is on the disk that was told, or the disk did not take it. */
  async stop(): Promise<void> {
    this.#refusals.stop();
    this.#repeats.stop();
    this.#again?.cancel();
    this.#marked?.cancel();
    await this.#writing;
    await this.#write();
    this.#again?.cancel();
    await this.#opened?.file.close();
  }

  #nowMs(): number {
    return this.#parts.clock.wallMs();
  }

  #tell(facts: AuditFacts): void {
    const told = { atMs: this.#nowMs(), ...bounded(facts) };
    if (this.#early.length + this.#waiting.length >= mostWaiting) {
      this.#lost += 1;
      this.#parts.logger.error("an action is not in the audit file: the disk does not take it", {
        ...facts,
      });
    } else if (this.#opened) this.#number(told);
    else this.#early.push(told);
  }

  #number(told: Unnumbered): void {
    if (!this.#opened) return;
    this.#seq += 1;
    const entry = { id: entryId(this.#opened.file.end.chain, this.#seq), ...told };
    this.#shown.push(entry);
    if (this.#shown.length > mostShown) this.#shown.splice(0, this.#shown.length - mostShown);
    this.#waiting.push(entry);
    if (!this.#again) this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    const { logger, source } = this.#parts;
    while (this.#opened && this.#waiting.length > 0) {
      const entries = this.#waiting.slice(0, 1_000);
      try {
        await this.#opened.file.append(entries, source);
      } catch (thrown) {
        const reason = systemReason(thrown);
        if (reason !== this.#trouble)
          logger.error("the disk does not take the audit log; it is tried again", { reason });
        this.#trouble = reason;
        this.#again = this.#parts.clock.setTimer(againMs, () => {
          this.#again = undefined;
          this.#writing ??= this.#write();
        });
        break;
      }
      this.#trouble = undefined;
      this.#waiting.splice(0, entries.length);
      if (this.#lost > 0) this.#tellLost();
    }
    this.#writing = undefined;
  }

  #tellLost(): void {
    const text = `${this.#lost} actions are not in this log: the disk did not take them`;
    this.#lost = 0;
    this.#number({ atMs: this.#nowMs(), ...ownAct(logAction, null, "failed", text) });
  }

  /** Where the chain ends, in the journal: who cuts the file does not cut that. */
  #tellMark(): void {
    const end = this.#opened?.file.end;
    if (end && end.seq > 0)
      this.#parts.logger.info("the audit log ends here", { mark: markText(end) });
    this.#marked = this.#parts.clock.setTimer(markMs, () => this.#tellMark());
  }
}

/** Strangers choose what they are called and what they ask for. */
function bounded(facts: AuditFacts): AuditFacts {
  const { by, target, text } = facts;
  const cut = (one: string | null): string | null => one?.slice(0, mostTextLength) ?? null;
  return { ...facts, by: by.slice(0, mostTextLength), target: cut(target), text: cut(text) };
}
