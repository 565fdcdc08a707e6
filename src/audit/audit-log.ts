/**
 * Who did what, and who was refused. What is done is told one by one. Refusals, which strangers can
 * make as many of as they like, are told once for each address and then counted: one more entry a
 * minute says how many there were.
 */
import type { Audit, AuditEntry, AuditFacts } from "../core/audit.ts";
import type { Clock, Timer } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import { auditLine, parseAuditLine } from "./audit-entry.ts";
import type { AuditFile } from "./audit-file.ts";

export interface AuditLogParts {
  readonly file: Pick<AuditFile, "append" | "close">;
  /** Lines of the file as it was found. */
  readonly lines: readonly string[];
  /** Which process tells it: `/plant-a/gw1`. */
  readonly source: string;
  /** Gives ids that are given once. */
  readonly newId: () => string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Those that are shown. */
const mostShown = 2_000;
/** Addresses and actions whose refusals are counted apart; all others together. */
const mostCounted = 60;
const countMs = 60_000;
/** What waits for a disk that does not take it; what comes then is told in the journal only. */
const mostWaiting = 10_000;

export class AuditLog implements Audit {
  readonly #parts: AuditLogParts;
  readonly #shown: AuditEntry[];
  readonly #counted = new Map<string, { readonly facts: AuditFacts; more: number }>();
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;
  #timer: Timer | undefined;

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
    this.#shown = parts.lines.slice(-mostShown).flatMap((line) => parseAuditLine(line) ?? []);
  }

  /** Tells it, or counts it. */
  note(facts: AuditFacts): void {
    if (facts.outcome !== "refused") this.#tell(facts);
    else this.#count(facts);
  }

  /** The newest first, those behind `before` where that is given. */
  newest(limit: number, before?: string): { entries: AuditEntry[]; more: boolean } {
    const at = before === undefined ? -1 : this.#shown.findIndex(({ id }) => id === before);
    const end = at < 0 ? this.#shown.length : at;
    const start = Math.max(0, end - limit);
    return { entries: this.#shown.slice(start, end).reverse(), more: start > 0 };
  }

  /** Resolves when all is on the disk that was told. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#tellCounts();
    await this.#writing;
    await this.#parts.file.close();
  }

  #count(facts: AuditFacts): void {
    const own = `${facts.action} ${facts.from}`;
    const key = this.#counted.has(own) || this.#counted.size < mostCounted ? own : "others";
    const counted = this.#counted.get(key);
    if (counted) counted.more += 1;
    else {
      const others = { ...facts, action: "several", from: null, target: null };
      this.#counted.set(key, key === own ? { facts, more: 0 } : { facts: others, more: 1 });
      if (key === own) this.#tell(facts);
    }
    this.#timer ??= this.#parts.clock.setTimer(countMs, () => this.#tellCounts());
  }

  #tellCounts(): void {
    this.#timer = undefined;
    for (const { facts, more } of this.#counted.values())
      if (more > 0) this.#tell({ ...facts, text: `${more} more were refused within a minute` });
    this.#counted.clear();
  }

  #tell(facts: AuditFacts): void {
    const { clock, logger, newId, source } = this.#parts;
    const entry: AuditEntry = { id: newId(), atMs: clock.wallMs(), ...facts };
    this.#shown.push(entry);
    if (this.#shown.length > mostShown) this.#shown.splice(0, this.#shown.length - mostShown);
    if (this.#waiting.length >= mostWaiting) {
      logger.error("an action is not in the audit file: the disk does not take it", { ...facts });
      return;
    }
    this.#waiting.push(auditLine(entry, source));
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    const { file, logger } = this.#parts;
    while (this.#waiting.length > 0) {
      const lines = this.#waiting.splice(0);
      await file.append(lines.join("")).catch((thrown: unknown) => {
        logger.error("actions are not in the audit file", { thrown, count: lines.length });
      });
    }
    this.#writing = undefined;
  }
}
