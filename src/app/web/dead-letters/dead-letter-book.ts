/** Keeps up with what a gateway rejects, from when somebody looks first. */
import { decodeEvent, isMalformed } from "../../../core/event-codec.ts";
import { RejectedBook, type RejectedGroupNow } from "../../../gateway/rejected/rejected-book.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { readRejected } from "../../read-rejected.ts";
import { recordsOf } from "../devices/log-behind.ts";

export interface DeadLettersNow {
  readonly groups: readonly RejectedGroupNow[];
  /** False where older ones may be out of reach, or there are more than there is room for. */
  readonly complete: boolean;
}

export class DeadLetterBook {
  readonly #facts: Pick<GatewayFacts, "backbone" | "log" | "origin">;
  #book: RejectedBook | undefined;
  #isComplete = false;
  #seq = 0;
  #reading: Promise<void> | undefined;

  constructor(facts: Pick<GatewayFacts, "backbone" | "log" | "origin">) {
    this.#facts = facts;
  }

  /** As they were at the last look; undefined before the first. */
  get counts(): { readonly messages: number; readonly groups: number } | undefined {
    return this.#book?.counts;
  }

  /** As they were at the last look. */
  get known(): readonly RejectedGroupNow[] {
    return this.#book?.groups() ?? [];
  }

  /** As they are now. All who ask meanwhile share one reading. */
  async now(): Promise<DeadLettersNow> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
    const isWhole = this.#book?.isWhole ?? false;
    return { groups: this.known, complete: this.#isComplete && isWhole };
  }

  async #read(): Promise<void> {
    const { backbone, log } = this.#facts;
    const hasMissed = log.firstSeq > this.#seq + 1;
    const canLearnMore = !this.#isComplete && backbone.state.kind === "connected";
    if (this.#book === undefined || hasMissed || canLearnMore) await this.#readAll();
    else await this.#readOn(this.#book);
  }

  async #readAll(): Promise<void> {
    const book = new RejectedBook();
    const upTo = this.#facts.log.durableSeq;
    const isComplete = await readRejected(this.#facts, (message) => {
      book.take(message);
      return true;
    });
    this.#book = book;
    this.#isComplete = isComplete;
    this.#seq = upTo;
    // What came while it was read may be in the book, or not.
    await this.#readOn(book);
  }

  async #readOn(book: RejectedBook): Promise<void> {
    const { log } = this.#facts;
    const upTo = log.durableSeq;
    const never = new AbortController().signal;
    for await (const { body, kind } of recordsOf(log, this.#seq, upTo, never)) {
      if (kind !== "rejection" && kind !== "decision") continue;
      const event = decodeEvent(Buffer.from(body).toString());
      if (!isMalformed(event)) book.take(event);
    }
    this.#seq = upTo;
  }
}
