/**
 * Blocks that a member says nothing to while it answers others: some devices are silent where they should
 * refuse. Asked each time, such a block would cost its time-out each time, and hide all behind it.
 *
 * Invariants
 * - Only a member that answered something else in between makes a block more suspect: one that is gone
 *   altogether does not.
 */
import type { RegisterBlock } from "../../core/poll-plan.ts";

/** So often in a row, and a block counts as mute. */
const silencesToMute = 3;
const leastRestMs = 1_000;

interface Suspect {
  readonly silences: number;
  /** How often the member had answered then. */
  readonly answers: number;
  readonly restUntilMs: number;
  readonly reason: string;
}

/** How long a mute block may rest. */
export interface MuteRest {
  readonly nowMs: number;
  readonly everyMs: number;
  readonly longestMs: number;
}

export class MuteBlocks {
  #suspects = new WeakMap<RegisterBlock, Suspect>();
  #answers = 0;

  /** The member said something to a block. */
  answered(block: RegisterBlock): void {
    this.#answers += 1;
    this.#suspects.delete(block);
  }

  /** It said nothing. */
  silent(block: RegisterBlock, reason: string, { everyMs, longestMs, nowMs }: MuteRest): void {
    const before = this.#suspects.get(block);
    const isNews = before === undefined || before.answers < this.#answers;
    const silences = (before?.silences ?? 0) + (isNews ? 1 : 0);
    const doubled = Math.max(leastRestMs, everyMs) * 2 ** (silences - silencesToMute + 1);
    this.#suspects.set(block, {
      ...{ silences, reason },
      answers: this.#answers,
      restUntilMs: nowMs + Math.min(longestMs, doubled),
    });
  }

  isSuspect(block: RegisterBlock): boolean {
    return this.#suspects.has(block);
  }

  isMute(block: RegisterBlock): boolean {
    return this.#silencesOf(block) >= silencesToMute;
  }

  /** Why a mute block is not asked for now; undefined where it may be. */
  restOf(block: RegisterBlock, nowMs: number): string | undefined {
    const suspect = this.#suspects.get(block);
    if (suspect === undefined || !this.isMute(block)) return undefined;
    return suspect.restUntilMs > nowMs ? suspect.reason : undefined;
  }

  /** Those first that answer. */
  inTurn(blocks: readonly RegisterBlock[]): readonly RegisterBlock[] {
    if (!blocks.some((block) => this.isSuspect(block))) return blocks;
    return blocks.toSorted((a, b) => this.#silencesOf(a) - this.#silencesOf(b));
  }

  forget(): void {
    this.#suspects = new WeakMap();
  }

  #silencesOf(block: RegisterBlock): number {
    return this.#suspects.get(block)?.silences ?? 0;
  }
}
