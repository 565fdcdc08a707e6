/**
 * Takes off the disk what is declared as given up: a segment that keeps something is rewritten
 * without the classes, beside the commits, and one that keeps nothing is deleted.
 */
import { countFrom, isUndeclared, keptRecordsOf, type Segment } from "../segment.ts";
import { type DeleteContext, deleteSegments } from "./delete-segments.ts";
import type { Reserve } from "./reserve.ts";
import { rewriteSegment } from "./rewrite-segment.ts";

/** A segment, and the classes of it that are kept. */
export type GivenUp = Pick<Segment, "firstSeq" | "keptFrom">;

export interface DeclaredDropsContext extends DeleteContext {
  readonly reserve: Reserve;
  /** Declares that so many records of a segment are unreadable, of which none can be named. */
  readonly onLost: (segment: Segment, records: number) => void;
}

export class DeclaredDrops {
  readonly #context: DeclaredDropsContext;
  #work: Promise<void> = Promise.resolve();
  #isRewriting = false;
  /** A start may have found what was declared before it. */
  #hasDeclared = true;

  constructor(context: DeclaredDropsContext) {
    this.#context = context;
  }

  /**
   * Deletes what is declared and keeps nothing, and begins to rewrite what keeps something. To be
   * awaited after each commit.
   */
  async finish(): Promise<void> {
    if (!this.#hasDeclared) return;
    this.#hasDeclared = false;
    await this.#deleteEmpty();
    this.resume();
  }

  /** The gap event that says so is durable. */
  noteDeclared(given: readonly GivenUp[]): void {
    this.#hasDeclared = true;
    for (const { firstSeq, keptFrom } of given) {
      const segment = this.#context.table.at(firstSeq);
      if (segment) segment.declaredFrom = Math.max(segment.declaredFrom, keptFrom);
    }
  }

  /** Rewrites what is to be rewritten, unless that is under way. */
  resume(): void {
    if (this.#isRewriting) return;
    this.#isRewriting = true;
    this.#work = this.#rewriteAll();
  }

  /** Resolves when what was to leave did, or could not. */
  async settle(): Promise<void> {
    await this.finish();
    this.resume();
    await this.#work;
  }

  async #deleteEmpty(): Promise<void> {
    const { table } = this.#context;
    const empty = table.all.filter(
      (segment) => isDeclared(segment) && keptRecordsOf(segment) === 0,
    );
    await deleteSegments(this.#context, empty);
  }

  async #rewriteAll(): Promise<void> {
    const { disk, folder, logger, onLost, reserve, table } = this.#context;
    for (;;) {
      const whole = table.all.find(isToRewrite);
      if (!whole) break;
      whole.state = "rewriting";
      try {
        const sparse = await reserve.attempt((create) =>
          rewriteSegment(disk, folder, whole, { create }),
        );
        const lost = countFrom(whole, whole.declaredFrom) - sparse.tally.recordCount;
        const { confirmedAtMs, declaredFrom, keptFrom } = whole;
        table.replace(whole, { ...sparse, confirmedAtMs, declaredFrom, keptFrom });
        if (lost > 0) onLost(whole, lost);
      } catch (failure) {
        whole.state = "closed";
        logger.warn("cannot take what was given up out of a segment; will be tried again", {
          segment: whole.path,
          failure: String(failure),
        });
        break;
      }
    }
    this.#isRewriting = false;
  }
}

function isToRewrite(segment: Segment): boolean {
  return isDeclared(segment) && countFrom(segment, 0) > keptRecordsOf(segment);
}

/** Something of it was given up, and is known to be. */
function isDeclared(segment: Segment): boolean {
  return segment.state === "closed" && segment.keptFrom > 0 && !isUndeclared(segment);
}
