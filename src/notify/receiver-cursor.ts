import { isObject } from "../core/is-object.ts";
import type { Random } from "../core/retry.ts";
import { rankCount } from "../core/severity-rank.ts";
import { positionsBucket } from "../core/subject.ts";
import type { AlertMark } from "../stream/alert-reader.ts";
import type { Backbone } from "../stream/backbone.ts";
import { cacheBucket } from "../stream/kv.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { readDocument, writeDocument } from "../stream/stored-document.ts";
import { type FlushedState, isFlushed } from "./collecting-groups.ts";
import { isKeptNotices, type KeptNotices } from "./group-turns.ts";
import { isToldEpisodes, type ToldEpisodesState } from "./told-episodes.ts";
import type { ToldState } from "./told-transitions.ts";
import type { WaitingEntry, WaitingState } from "./waiting-instance.ts";

/** Where a receiver stands; plain JSON. */
export interface ReceiverCursor {
  readonly format: 2;
  /**
   * Written by a program that reads alerts under today's subjects; those of the first version pass
   * over what stands there, and leave this out.
   */
  readonly by_site?: true;
  /** Everything up to here is done with or waits. Null before the first. */
  readonly mark: AlertMark | null;
  readonly told: ToldState;
  /** What was read and is not done with. */
  readonly waiting: WaitingState;
  /** What the receiver believes to go on. Absent in cursors of a version that did not ask. */
  readonly episodes?: ToldEpisodesState;
  /** Groups that were told of a short while ago. */
  readonly flushed?: FlushedState;
  /** Notices of groups that are on their way. */
  readonly notices?: KeptNotices;
  /** Which routes were in force; absent in cursors of a version that did not ask. */
  readonly routes?: string;
}

/** What is kept of a receiver, with the revision that the next cursor replaces. */
export type StoredCursor =
  | { readonly kind: "new"; readonly revision: number }
  | { readonly kind: "read"; readonly cursor: ReceiverCursor; readonly revision: number }
  /** There is one, and it cannot be read; it can still be replaced. */
  | { readonly kind: "damaged"; readonly reason: string; readonly revision: number };

export interface CursorStore {
  /** Waits for a connection, at most until the signal. */
  load(signal: AbortSignal): Promise<StoredCursor>;
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
      if (document.kind === "missing") return { kind: "new", revision };
      if (document.kind === "damaged") return { ...document, kind: "damaged" };
      const cursor = parseCursor(document.value);
      if (cursor) return { kind: "read", cursor, revision };
      return { kind: "damaged", reason: "it is not written as a cursor is", revision };
    },
    async save(cursor, revision, signal) {
      return writeDocument(await openedBucket(signal), key, cursor, revision, random);
    },
  };
}

/** Undefined when the value is none. The first format knew nothing that waits behind its mark. */
export function parseCursor(value: unknown): ReceiverCursor | undefined {
  if (!isObject(value)) return undefined;
  const { format, mark, told } = value;
  const waiting = format === 1 ? {} : value["waiting"];
  if (format !== 1 && format !== 2) return undefined;
  if ((mark !== null && !isMark(mark)) || !isTold(told) || !isWaiting(waiting)) return undefined;
  const { episodes, flushed, notices, routes } = value;
  if (episodes !== undefined && !isToldEpisodes(episodes)) return undefined;
  if (flushed !== undefined && !isFlushed(flushed)) return undefined;
  if (notices !== undefined && !isKeptNotices(notices)) return undefined;
  return {
    format: 2,
    ...(value["by_site"] === true && { by_site: true }),
    ...{ mark, told, waiting },
    ...(episodes && { episodes }),
    ...(flushed && { flushed }),
    ...(notices && { notices }),
    ...(typeof routes === "string" && { routes }),
  };
}

function isMark(value: unknown): value is AlertMark {
  return (
    isObject(value) &&
    typeof value["created"] === "string" &&
    typeof value["id"] === "string" &&
    isCount(value["streamSeq"])
  );
}

function isTold(value: unknown): value is ToldState {
  return (
    isObject(value) &&
    Object.values(value).every(
      (order) => Array.isArray(order) && order.length === 2 && order.every(Number.isFinite),
    )
  );
}

function isWaiting(value: unknown): value is WaitingState {
  return isObject(value) && Object.values(value).every(isWaitingEntry);
}

const counts: readonly (keyof WaitingEntry)[] = ["from", "to", "count", "rank", "attempts"];
const durations: readonly (keyof WaitingEntry)[] = ["triedForMs", "waitedMs"];

function isWaitingEntry(value: unknown): boolean {
  return (
    isObject(value) &&
    counts.every((name) => isCount(value[name])) &&
    durations.every((name) => Number.isFinite(value[name])) &&
    ["string", "undefined"].includes(typeof value["site"]) &&
    Number(value["rank"]) < rankCount
  );
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
