import type { Random } from "../core/retry.ts";
import { positionsBucket } from "../core/subject.ts";
import type { AlertMark } from "../stream/alert-reader.ts";
import type { Backbone } from "../stream/backbone.ts";
import { cacheBucket } from "../stream/kv.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { readDocument, writeDocument } from "../stream/stored-document.ts";
import type { ToldState } from "./told-transitions.ts";

/** Where a receiver stands; plain JSON. */
export interface ReceiverCursor {
  readonly format: 1;
  /** Everything up to here is done with. Null before the first. */
  readonly mark: AlertMark | null;
  readonly told: ToldState;
}

export interface CursorStore {
  /**
   * The cursor, undefined where there is none or none that can be read, with the revision that the
   * next one replaces. Waits for a connection, at most until the signal.
   */
  load(signal: AbortSignal): Promise<{ cursor: ReceiverCursor | undefined; revision: number }>;
  /** Gives the new revision; rejects with `stream.fenced` when another process tells the receiver. */
  save(cursor: ReceiverCursor, revision: number, signal: AbortSignal): Promise<number>;
}

export function createCursorStore(
  receiver: string,
  backbone: Backbone,
  options: BackboneOptions,
  random: Random,
): CursorStore {
  const key = `notify.${receiver}`;
  const openedBucket = cacheBucket(backbone, positionsBucket, options);
  return {
    async load(signal) {
      const document = await readDocument(await openedBucket(signal), key);
      const { revision } = document;
      const known = document.kind === "read" && isCursor(document.value);
      return { cursor: known ? document.value : undefined, revision };
    },
    async save(cursor, revision, signal) {
      return writeDocument(await openedBucket(signal), key, cursor, revision, random);
    },
  };
}

/** Only this process's kind writes the key, so a known format vouches for the rest. */
function isCursor(value: unknown): value is ReceiverCursor {
  return typeof value === "object" && value !== null && "format" in value && value.format === 1;
}
