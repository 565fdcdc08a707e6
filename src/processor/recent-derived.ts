/**
 * The derived values of the last minutes, held back as transitions are: a backbone that confirmed them
 * may still lose them, and then they are appended again.
 *
 * They are saved in parts of some values that came after each other, so that a checkpoint writes what
 * came since the last one and not all of it.
 */
import { decodeDerived, derivedIdOf, encodeDerived } from "../core/derived-value.ts";
import { isObject } from "../core/is-object.ts";
import { gatewayToken } from "../core/subject.ts";
import type { StoredDerived } from "../stream/derived-log.ts";
import type { DocumentPart } from "../stream/parted-document-writer.ts";

/** Several times what a nats-server leaves in memory before it syncs. */
const holdBackMs = 10 * 60_000;
/** Some 20 MB. */
const mostHeld = 50_000;
const heldPerPart = 256;

/** What no part of the rules is called: those have the name of a gateway before the point. */
const prefix = `${gatewayToken}.derived.`;

interface Held extends StoredDerived {
  /** Monotonic. */
  readonly sinceMs: number;
  readonly part: number;
}

/** True for the name of a part that holds such values. */
export function isDerivedPart(name: string): boolean {
  return name.startsWith(prefix);
}

/** What a part says; what is no derived value in it is passed over. */
export function readDerivedPart(part: unknown): readonly StoredDerived[] {
  if (!Array.isArray(part)) return [];
  return part.flatMap((entry: unknown) => {
    if (!isObject(entry)) return [];
    const { event, streamSeq } = entry;
    const value = decodeDerived(JSON.stringify(event) ?? "");
    return value && Number.isSafeInteger(streamSeq) ? { value, streamSeq: Number(streamSeq) } : [];
  });
}

function textOf({ streamSeq, value }: StoredDerived): string {
  return `{"streamSeq":${streamSeq},"event":${encodeDerived(value)}}`;
}

export class RecentDerived {
  /** By id, in the order of the appends. */
  readonly #held = new Map<string, Held>();
  readonly #changed = new Set<number>();
  #count = 0;

  /** `nowMs` is of the monotonic clock, here and below. */
  constructor(stored: Iterable<StoredDerived>, nowMs: number) {
    for (const each of stored) this.note(each, nowMs);
  }

  /** Notes where a value is stored; a value that was noted before keeps its turn. */
  note({ streamSeq, value }: StoredDerived, nowMs: number): void {
    const id = derivedIdOf(value);
    const known = this.#held.get(id);
    const part = known?.part ?? Math.floor(this.#count / heldPerPart);
    if (!known) this.#count += 1;
    this.#changed.add(part);
    this.#held.set(id, { value, streamSeq, sinceMs: known?.sinceMs ?? nowMs, part });
    for (const [oldest, { sinceMs }] of this.#held) {
      if (this.#held.size <= mostHeld && sinceMs >= nowMs - holdBackMs) break;
      this.#held.delete(oldest);
    }
  }

  /** In the order of their appends. */
  get all(): Iterable<StoredDerived> {
    return this.#held.values();
  }

  /** The one furthest behind in the stream. */
  last(): StoredDerived | undefined {
    let last: StoredDerived | undefined;
    for (const held of this.#held.values())
      if (!last || held.streamSeq > last.streamSeq) last = held;
    return last;
  }

  /** As they are saved. Of a part that was saved before, values that are held no more may be left. */
  *parts(): Iterable<DocumentPart> {
    let together: Held[] = [];
    for (const held of this.#held.values()) {
      if (together[0] && together[0].part !== held.part) {
        yield this.#partOf(together[0].part, together);
        together = [];
      }
      together.push(held);
    }
    if (together[0]) yield this.#partOf(together[0].part, together);
  }

  #partOf(part: number, held: readonly Held[]): DocumentPart {
    const isChanged = this.#changed.delete(part);
    return {
      name: `${prefix}${part}`,
      isChanged,
      text: () => `[${held.map(textOf).join(",")}]`,
    };
  }
}
