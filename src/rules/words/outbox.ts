import type { TransitionDraft } from "./transition.ts";

const nothing: readonly TransitionDraft[] = [];

/** Collects what one event brought about. */
export class Outbox {
  #drafts: TransitionDraft[] = [];

  put(draft: TransitionDraft): void {
    this.#drafts.push(draft);
  }

  /** What was not given out yet. */
  get drafts(): readonly TransitionDraft[] {
    return this.#drafts;
  }

  /** Gives out everything collected; nothing is made for an event that brought nothing about. */
  take(): readonly TransitionDraft[] {
    if (this.#drafts.length === 0) return nothing;
    const drafts = this.#drafts;
    this.#drafts = [];
    return drafts;
  }
}
