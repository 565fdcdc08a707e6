/** What is remembered of commands that are not open, and how far the stream was read. */
import { BoundedMap } from "../core/bounded-map.ts";
import type { EpochMs } from "../core/clock.ts";
import type { DeviceId, Seq } from "../core/ids.ts";
import type { ReadOrder } from "../stream/command-reader.ts";
import type { EntryMark } from "../stream/marked-reading.ts";
import type { LedgerPage } from "./ledger-page.ts";
import type { Progress } from "./progress.ts";
import type { Recollection } from "./recollection.ts";

/** Ids that ended are known so long behind their expiry. */
const rememberMs = 24 * 3_600_000;
const mostEnded = 4_096;
const mostTakenBack = 256;

export class CommandMemory {
  #forgottenUntilMs: EpochMs = 0;
  readonly #ended = new BoundedMap<string, EpochMs>(mostEnded, undefined, (forgetMs) => {
    this.#forgottenUntilMs = Math.max(this.#forgottenUntilMs, forgetMs - rememberMs);
  });
  readonly #takenBack = new BoundedMap<string, true>(mostTakenBack);
  /** Of orders that were stored before nobody knows anything. */
  readonly rememberedFromMs: EpochMs | undefined;
  /** Steps of commands that have to come again out of the stream. */
  readonly awaited: Map<string, Progress>;
  #mark: EntryMark | undefined;
  #storedMs: EpochMs;
  #readBeforeMs: EpochMs | undefined;
  readonly #knownSeq: Seq;

  constructor({ awaited, page }: Recollection) {
    this.#mark = page.mark;
    this.#storedMs = page.storedMs;
    this.awaited = new Map(awaited);
    this.rememberedFromMs = page.rememberedFromMs;
    this.#readBeforeMs = page.readBeforeMs;
    this.#knownSeq = page.logSeq;
    this.#forgottenUntilMs = page.forgottenUntilMs ?? 0;
    for (const [id, forgetMs] of page.ended) this.#ended.set(id, forgetMs);
    for (const id of page.takenBack) this.#takenBack.set(id, true);
  }

  /** The stream is read again; what the server had stored up to then was read before. */
  get readBeforeMs(): EpochMs | undefined {
    return this.#readBeforeMs;
  }

  /** Of commands that ended and expire until then, some ids are not known any more. */
  get forgottenUntilMs(): EpochMs {
    return this.#forgottenUntilMs;
  }

  /** True while what is new is told by the time. */
  get needsTime(): boolean {
    return this.#readBeforeMs !== undefined || this.rememberedFromMs !== undefined;
  }

  hasEnded(id: string): boolean {
    return this.#ended.get(id) !== undefined;
  }

  end(id: string, expiresMs: EpochMs, nowMs: EpochMs): void {
    for (const [one, forgetMs] of this.#ended.entries()) {
      if (forgetMs > nowMs) break;
      this.#ended.delete(one);
    }
    this.#ended.set(id, Math.max(expiresMs, nowMs) + rememberMs);
  }

  isTakenBack(device: DeviceId, id: string): boolean {
    return this.#takenBack.get(takenBackKey(device, id)) !== undefined;
  }

  takeBack(device: DeviceId, id: string): void {
    this.#takenBack.set(takenBackKey(device, id), true);
  }

  /** It came; nothing more is to be known of its being taken back. */
  settle(device: DeviceId, id: string): void {
    this.#takenBack.delete(takenBackKey(device, id));
    this.awaited.delete(id);
  }

  read({ mark, storedMs }: ReadOrder): void {
    this.#mark = mark;
    this.#storedMs = Math.max(this.#storedMs, storedMs);
  }

  readAgain(): void {
    this.#readBeforeMs = this.#storedMs;
    this.#mark = undefined;
  }

  /** `lastSeq` of the log; steps of commands that have to come again are in the log alone. */
  page(lastSeq: Seq): Omit<LedgerPage, "open"> {
    return {
      mark: this.#mark,
      storedMs: this.#storedMs,
      rememberedFromMs: this.rememberedFromMs,
      readBeforeMs: this.#readBeforeMs,
      forgottenUntilMs: this.#forgottenUntilMs,
      logSeq: this.awaited.size > 0 ? this.#knownSeq : lastSeq,
      ended: [...this.#ended.entries()],
      takenBack: Array.from(this.#takenBack.entries(), ([id]) => id),
    };
  }
}

/** Who may take back commands of one device may not be one who may for another. */
function takenBackKey(device: DeviceId, id: string): string {
  return `${id}/${device}`;
}
