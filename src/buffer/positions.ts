/**
 * What the backbone has: the confirmed position, and the newest segment anything was ever published
 * from. Both go to the cursor on disk, at most once a second, and at once where a promise needs it.
 */
import { GatewayError } from "../core/errors.ts";
import { type RunId, toSeq } from "../core/ids.ts";
import type { StreamPosition } from "../core/log-accounts.ts";
import type { CursorFile } from "./cursor.ts";
import type { CursorState } from "./format/cursor-slot.ts";
import type { Reserve } from "./space/reserve.ts";

export class Positions {
  readonly #file: CursorFile;
  readonly #reserve: Reserve;
  #state: CursorState;
  #saving: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** `runs` are the runs this log knows, newest last. */
  constructor(file: CursorFile, reserve: Reserve, runs: readonly RunId[]) {
    this.#file = file;
    this.#reserve = reserve;
    this.#state = { ...file.saved, runs: [...new Set([...file.saved.runs, ...runs])] };
  }

  get confirmed(): StreamPosition | undefined {
    return this.#state.confirmed;
  }

  /** 0 while nothing is confirmed. */
  get confirmedSeq(): number {
    return this.#state.confirmed?.seq ?? toSeq(0);
  }

  /** First seq of the newest segment that was ever published from; 0 for none. */
  get publishedFirstSeq(): number {
    return this.#state.publishedFirstSeq;
  }

  knowsRun(run: RunId): boolean {
    return this.#state.runs.includes(run);
  }

  /** Goes to disk with the next change, or at the end. */
  setDurable(durableSeq: number): void {
    this.#state = { ...this.#state, durableSeq };
  }

  setConfirmed(confirmed: StreamPosition | undefined): void {
    this.#state = { ...this.#state, confirmed };
  }

  /**
   * Resolves when the cursor on disk names the segment, and does not call confirmed what the
   * backbone has lost; known here at once.
   */
  async namePublished(firstSeq: number): Promise<void> {
    if (firstSeq > this.#state.publishedFirstSeq)
      this.#state = { ...this.#state, publishedFirstSeq: firstSeq };
    const { confirmed, publishedFirstSeq } = this.#file.saved;
    const wentBack = (confirmed?.seq ?? 0) > this.confirmedSeq;
    if (wentBack || firstSeq > publishedFirstSeq || this.#file.isInDoubt) await this.saveFirmly();
  }

  /** Resolves when what the backbone has is in the cursor on disk; rejects when it cannot be. */
  save(): Promise<void> {
    return this.#saveIf(isMoved);
  }

  /**
   * The same for whoever does what cannot be undone: what a start found in the cursor may be what the
   * system remembers and the medium never got, and is written again.
   */
  saveFirmly(): Promise<void> {
    return this.#saveIf((saved, now) => this.#file.isInDoubt || isMoved(saved, now));
  }

  /** Saves everything, as far as the disk takes it, and lets go of the file. */
  async close(): Promise<void> {
    await this.save().catch(() => {});
    await this.#saveIf((saved, now) => saved.durableSeq !== now.durableSeq).catch(() => {});
    this.#isClosed = true;
    await this.#saving;
    await this.#file.close();
  }

  #saveIf(isChanged: (saved: CursorState, now: CursorState) => boolean): Promise<void> {
    if (this.#isClosed)
      return Promise.reject(new GatewayError("shutdown", "cannot save the cursor: it is closed"));
    const saving = this.#saving.then(async () => {
      if (isChanged(this.#file.saved, this.#state))
        await this.#reserve.attempt((create) => this.#file.save(this.#state, create));
    });
    this.#saving = saving.catch(() => {});
    return saving;
  }
}

function isMoved(saved: CursorState, now: CursorState): boolean {
  return saved.confirmed !== now.confirmed || saved.publishedFirstSeq !== now.publishedFirstSeq;
}
