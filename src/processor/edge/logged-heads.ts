import type { AlertTransition } from "../../core/alert.ts";
import { decodeEvent, isMalformed } from "../../core/event-codec.ts";
import type { Seq } from "../../core/ids.ts";
import type { ReadableLog } from "../../core/log-reader.ts";
import { compareOrder, orderOf } from "../../stream/transition-order.ts";
import type { TransitionDraft } from "../engine.ts";

const recordsAtOnce = 256;

/** The last transitions that an earlier process appended, by instance. */
export class LoggedHeads {
  readonly #heads = new Map<string, AlertTransition>();

  /** Reads what stands behind `after` up to `upTo`; what was read of it where the signal is aborted. */
  static async read(
    log: Pick<ReadableLog, "openReader">,
    after: Seq,
    upTo: Seq,
    signal: AbortSignal,
  ): Promise<LoggedHeads> {
    const heads = new LoggedHeads();
    if (after >= upTo) return heads;
    const reader = await log.openReader(after);
    try {
      for (;;) {
        const records = await reader.next(recordsAtOnce);
        for (const { body, kind, seq } of records)
          if (kind === "alert-transition" && seq <= upTo) heads.#read(body);
        const last = records.at(-1);
        if (!last || last.seq >= upTo || signal.aborted) return heads;
        await new Promise(setImmediate);
      }
    } finally {
      await reader.close();
    }
  }

  get all(): Iterable<AlertTransition> {
    return this.#heads.values();
  }

  /** True where the log has this transition already, or what stands in its place. */
  has(found: TransitionDraft): boolean {
    const head = this.#heads.get(found.instance);
    return head !== undefined && compareOrder(orderOf(found), orderOf(head)) <= 0;
  }

  /** Another one is there. */
  note(found: AlertTransition): void {
    if (!this.has(found)) this.#heads.set(found.instance, found);
  }

  #read(body: Uint8Array): void {
    const event = decodeEvent(Buffer.from(body).toString());
    if (!isMalformed(event) && event.kind === "alert-transition") this.note(event.data);
  }
}
