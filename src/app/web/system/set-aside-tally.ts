/** What targets of bridges never got, counted on: of the stream that says so only what is new is read. */
import { readSetAsideAfter, type SetAside } from "../../../stream/bridge-aside.ts";
import type { SeenStream } from "../../../stream/list-streams.ts";
import type { Connection } from "../over-backbone.ts";

/** Events of one target, by what became of them. */
export type SetAsideCounts = Readonly<Record<SetAside["kind"], number>>;

interface Noted {
  readonly seq: number;
  readonly target: string;
  readonly kind: SetAside["kind"];
  readonly events: number;
}

export class SetAsideTally {
  /** By subject: a letter that is noted again replaces itself, as in the stream. */
  readonly #noted = new Map<string, Noted>();
  #counts: ReadonlyMap<string, SetAsideCounts> = new Map();
  #firstSeq = 0;
  #lastSeq = 0;

  /** By target, as the stream stands; none where there is no stream. Rejects as the backbone does. */
  async read(
    connection: Connection,
    stream: SeenStream | undefined,
  ): Promise<ReadonlyMap<string, SetAsideCounts>> {
    const { firstSeq, lastSeq } = stream ?? { firstSeq: 0, lastSeq: 0 };
    if (firstSeq === this.#firstSeq && lastSeq === this.#lastSeq) return this.#counts;
    // One that ends before where we are is another one.
    if (lastSeq < this.#lastSeq) {
      this.#noted.clear();
      this.#lastSeq = 0;
    }
    await readSetAsideAfter(connection, this.#lastSeq, ({ events, kind, target }, subject, seq) => {
      this.#noted.set(subject, { seq, target, kind, events });
      this.#lastSeq = Math.max(this.#lastSeq, seq);
    });
    for (const [subject, { seq }] of this.#noted) if (seq < firstSeq) this.#noted.delete(subject);
    this.#firstSeq = firstSeq;
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq);
    this.#counts = this.#count();
    return this.#counts;
  }

  #count(): ReadonlyMap<string, SetAsideCounts> {
    const counts = new Map<string, SetAsideCounts>();
    for (const { events, kind, target } of this.#noted.values()) {
      const before = counts.get(target) ?? { refused: 0, skipped: 0, gap: 0 };
      counts.set(target, { ...before, [kind]: before[kind] + events });
    }
    return counts;
  }
}
