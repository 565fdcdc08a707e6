/**
 * Writes a document in parts, again and again: of the parts only those that changed.
 *
 * Invariants
 * - Nothing that the document names is written over or removed before the next one stands.
 * - A writer has keys of its own, so one that turns out to be fenced has touched nobody else's.
 * - After a failure nobody can say what was written: the writer is of no use any more.
 */
import { atOnce } from "../core/at-once.ts";
import { GatewayError } from "../core/errors.ts";
import type { Random } from "../core/retry.ts";
import { blockChars, joinText, toChunks } from "./json-chunks.ts";
import type { KeyValueBucket } from "./kv.ts";
import {
  type DocumentHead,
  type DocumentList,
  listName,
  type Place,
  placeKey,
  type Slot,
} from "./parted-document.ts";

/** So many parts are made and written at once. */
const partsAtOnce = 4;

/** A part of a document that is to be written. */
export interface DocumentPart {
  /** Of characters that the tokens of a subject may have. */
  readonly name: string;
  /** False where it says what it said the last time. */
  readonly isChanged: boolean;
  /** The part as JSON. */
  text(): string;
}

/** A part as it is to be written; without a text where what was written last still says it. */
interface Taken {
  readonly name: string;
  readonly text: string | undefined;
}

/** What is known of a part that this writer wrote. */
interface Written {
  readonly place: Place;
  /** The last revisions of the chunks in each slot. */
  readonly revisions: Readonly<Record<Slot, readonly number[]>>;
}

const unwritten: Written = { place: ["a"], revisions: { a: [], b: [] } };

export class PartedDocumentWriter {
  readonly #key: string;
  readonly #writer: string;
  #revision: number;
  #list: Written | undefined;
  #parts: ReadonlyMap<string, Written> = new Map();
  #isAlone = false;

  /** `revision` is that of the document which the first one replaces. */
  constructor(key: string, revision: number, random: Random) {
    this.#key = key;
    this.#revision = revision;
    // The letter keeps it from what writers of whole documents take for old chunks of theirs.
    this.#writer = `w${revision}.${Math.floor(random() * 2 ** 48).toString(36)}`;
  }

  /** Of the document as it was written last. */
  get revision(): number {
    return this.#revision;
  }

  /**
   * Writes the document; gives its revision. `content` is JSON, and `parts` are all that there are;
   * each is asked for once, in their order, while other things get their turn. `onTaken` is called
   * when all were: what they were made of may change from then on, while they are written. Throws
   * `stream.fenced` when somebody else replaced the document.
   */
  async write(
    bucket: KeyValueBucket,
    content: Iterable<string>,
    parts: Iterable<DocumentPart>,
    onTaken: () => void = () => {},
  ): Promise<number> {
    const present = (await bucket.get(this.#key))?.revision ?? 0;
    if (present !== this.#revision)
      throw new GatewayError("stream.fenced", `cannot write ${this.#key}: another writer did`);

    const contentText = await joinText(content);
    const taken = await this.#take(parts);
    onTaken();

    const next = new Map<string, Written>();
    for (const { name } of taken) next.set(name, this.#parts.get(name) ?? unwritten);
    await atOnce(partsAtOnce, taken, async ({ name, text }) => {
      if (text === undefined) return;
      const chunks = await toChunks(text);
      next.set(name, await this.#put(bucket, name, chunks, this.#parts.get(name)));
    });
    const entries = Array.from(next, ([name, { place }]): DocumentList["parts"][number] => [
      name,
      place,
    ]);
    const list = await toChunks(await joinText(listPieces(entries, contentText)));
    this.#list = await this.#put(bucket, listName, list, this.#list);
    const head: DocumentHead = { format: 2, writer: this.#writer, list: this.#list.place };
    const [chunk = new Uint8Array()] = await toChunks(JSON.stringify(head));
    this.#revision = await bucket.put(this.#key, chunk, this.#revision);

    const gone = [...this.#parts.keys()].filter((name) => !next.has(name));
    this.#parts = next;
    // What stays because this fails goes when the next writer is alone.
    await this.#tidy(bucket, gone).catch(() => {});
    return this.#revision;
  }

  /** Makes the parts that changed, while other things get their turn. */
  async #take(parts: Iterable<DocumentPart>): Promise<readonly Taken[]> {
    const taken: Taken[] = [];
    let chars = 0;
    for (const part of parts) {
      const isAsked = part.isChanged || !this.#parts.has(part.name);
      const text = isAsked ? part.text() : undefined;
      taken.push({ name: part.name, text });
      chars += text?.length ?? 0;
      if (chars < blockChars) continue;
      chars = 0;
      await new Promise(setImmediate);
    }
    return taken;
  }

  async #put(
    bucket: KeyValueBucket,
    name: string,
    chunks: readonly Uint8Array[],
    known: Written | undefined,
  ): Promise<Written> {
    const slot = known?.place[0] === "a" ? "b" : "a";
    const key = placeKey(this.#key, this.#writer, name, slot);
    const before = known?.revisions[slot] ?? [];
    const written: number[] = [];
    for (const chunk of chunks) {
      const n = written.length;
      written.push(await bucket.put(`${key}.${n}`, chunk, before[n] ?? 0));
    }
    const last = [...written, ...before.slice(written.length)];
    const revisions = { a: [], b: [], ...known?.revisions, [slot]: last };
    return { place: [slot, ...written], revisions };
  }

  /**
   * Takes away what the document no longer names: parts that are gone and, once, all that writers
   * left who went on from an earlier document, which can only be refused now.
   */
  async #tidy(bucket: KeyValueBucket, gone: readonly string[]): Promise<void> {
    for (const name of gone) await bucket.remove(`${this.#key}.${this.#writer}.${name}.>`);
    if (this.#isAlone) return;
    const writers = new Set<string>();
    for (const key of await bucket.keys(`${this.#key}.>`)) {
      const [revision = "", nonce = ""] = key.slice(this.#key.length + 1).split(".");
      if (Number(revision.replace("w", "")) < this.#revision) writers.add(`${revision}.${nonce}`);
    }
    writers.delete(this.#writer);
    for (const writer of writers) await bucket.remove(`${this.#key}.${writer}.>`);
    this.#isAlone = true;
  }
}

function* listPieces(parts: DocumentList["parts"], content: string): Iterable<string> {
  yield `{"parts":${JSON.stringify(parts)},"content":`;
  yield content;
  yield "}";
}
