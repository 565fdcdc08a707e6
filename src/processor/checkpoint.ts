/**
 * What a partition goes on from: how far each stream was read, what the rules remember at exactly
 * that point, and the transitions and derived values that may have to be appended again.
 */
import { isObject } from "../core/is-object.ts";
import { listText } from "../core/list-text.ts";
import type { Random } from "../core/retry.ts";
import { checkpointsBucket, isPartition } from "../core/subject.ts";
import { isTransition } from "../core/transition-shape.ts";
import type { StoredTransition } from "../stream/alert-log.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { StoredDerived } from "../stream/derived-log.ts";
import type { GatewayPosition } from "../stream/gateway-reader.ts";
import { cacheBucket, type ReadableBucket } from "../stream/kv.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { readPartedDocument } from "../stream/parted-document.ts";
import { type DocumentPart, PartedDocumentWriter } from "../stream/parted-document-writer.ts";
import { isGatewayPosition, isObjectOf } from "../stream/position-shape.ts";
import type { EngineMemory, StoredMemory } from "./engine.ts";
import { isMishapState, type MishapState } from "./mishaps.ts";
import { isDerivedPart, readDerivedPart } from "./recent-derived.ts";

export interface Checkpoint {
  /** By name of the gateway's stream. */
  readonly positions: Readonly<Record<string, GatewayPosition>>;
  readonly memory: StoredMemory;
  readonly recent: readonly StoredTransition[];
  readonly derived: readonly StoredDerived[];
  /** Absent in checkpoints of the first version. */
  readonly mishaps?: MishapState;
}

/** A checkpoint to be written. */
export interface CheckpointDraft extends Omit<Checkpoint, "memory" | "derived"> {
  readonly memory: EngineMemory;
  readonly derived: Iterable<DocumentPart>;
}

/** What is written of a checkpoint beside its parts. */
interface CheckpointContent extends Omit<Checkpoint, "memory" | "derived"> {
  readonly engine: unknown;
}

/** A checkpoint as it was read, or why there is none that can be used. */
export interface LoadedCheckpoint {
  readonly revision: number;
  readonly checkpoint: Checkpoint | undefined;
  /** Why one that is there cannot be used. */
  readonly damage?: string;
}

/** The checkpoint of one partition. */
export interface CheckpointStore {
  /** Waits for a connection, at most until the signal. */
  load(signal: AbortSignal): Promise<LoadedCheckpoint>;
  /**
   * Replaces `revision`; gives the new one. Rejects with `stream.fenced` when another process wrote
   * a checkpoint since: whoever gets this owns the partition no longer. After any other failure the
   * checkpoint may have been written. `onTaken` is called when the engine may be fed again, while the
   * checkpoint is still written.
   */
  save(
    draft: CheckpointDraft,
    revision: number,
    signal: AbortSignal,
    onTaken: () => void,
  ): Promise<number>;
}

/** Gives the function that lists the partitions that have a checkpoint. */
export function createCheckpointList(
  backbone: Backbone,
  options: BackboneOptions,
): (signal: AbortSignal) => Promise<readonly number[]> {
  const openedBucket = cacheBucket(backbone, checkpointsBucket, options);
  return async (signal) => {
    const keys = await (await openedBucket(signal)).keys(checkpointKey("*"));
    const numbers = keys.map((key) => Number(key.split(".")[1]));
    // Whoever may write there may write keys that are none of a partition.
    return numbers.filter(
      (number, at) => isPartition(number) && keys[at] === checkpointKey(number),
    );
  };
}

export function createCheckpointStore(
  partition: number,
  backbone: Backbone,
  options: BackboneOptions,
  random: Random,
): CheckpointStore {
  const key = checkpointKey(partition);
  const openedBucket = cacheBucket(backbone, checkpointsBucket, options);
  let writer: PartedDocumentWriter | undefined;
  return {
    load: async (signal) => readCheckpoint(await openedBucket(signal), partition),
    async save({ derived, memory, recent, ...others }, revision, signal, onTaken) {
      const bucket = await openedBucket(signal);
      const present =
        writer?.revision === revision ? writer : new PartedDocumentWriter(key, revision, random);
      // One that fails is of no use any more.
      writer = undefined;
      const rest = { ...others, engine: memory.head };
      const content = contentText(rest, recent);
      const parts = joined(derived, memory.parts);
      const written = await present.write(bucket, content, parts, onTaken);
      writer = present;
      return written;
    },
  };
}

function* joined<T>(...lists: readonly Iterable<T>[]): Iterable<T> {
  for (const list of lists) yield* list;
}

/** The last checkpoint of a partition, whole. */
export async function readCheckpoint(
  bucket: ReadableBucket,
  partition: number,
): Promise<LoadedCheckpoint> {
  const document = await readPartedDocument(bucket, checkpointKey(partition));
  const { revision } = document;
  if (document.kind === "missing") return { revision, checkpoint: undefined };
  if (document.kind === "damaged")
    return { revision, checkpoint: undefined, damage: document.reason };
  const checkpoint =
    document.kind === "whole"
      ? parseFirst(document.value)
      : toCheckpoint(document.content, document.parts);
  return checkpoint
    ? { revision, checkpoint }
    : { revision, checkpoint: undefined, damage: "its format is not known" };
}

/**
 * How far a partition was read, as its last checkpoint has it, for whoever only looks; undefined where
 * there is none that can be read.
 */
export async function readSavedPositions(
  bucket: ReadableBucket,
  partition: number,
): Promise<Checkpoint["positions"] | undefined> {
  const document = await readPartedDocument(bucket, checkpointKey(partition), "content");
  const content =
    document.kind === "read"
      ? document.content
      : document.kind === "whole"
        ? document.value
        : undefined;
  return isContent(content) ? content.positions : undefined;
}

/** The key of the checkpoint of a partition. */
export function checkpointKey(partition: number | "*"): string {
  return `rules.${partition}`;
}

/** The text of a `CheckpointContent`. */
function* contentText(
  rest: Omit<CheckpointContent, "recent">,
  recent: CheckpointContent["recent"],
): Iterable<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"recent":`;
  yield* listText(recent);
  yield "}";
}

/** The first version wrote checkpoints as one document; the next one that is saved is in parts. */
function parseFirst(value: unknown): Checkpoint | undefined {
  const isFirst =
    typeof value === "object" && value !== null && "format" in value && value.format === 1;
  return isFirst ? toCheckpoint(value, new Map()) : undefined;
}

function toCheckpoint(
  content: unknown,
  parts: ReadonlyMap<string, unknown>,
): Checkpoint | undefined {
  if (!isContent(content)) return undefined;
  const { engine, ...rest } = content;
  const ofRules = new Map(parts);
  const derived: StoredDerived[] = [];
  for (const [name, part] of parts) {
    if (!isDerivedPart(name)) continue;
    ofRules.delete(name);
    derived.push(...readDerivedPart(part));
  }
  return { ...rest, derived, memory: { head: engine, parts: ofRules } };
}

/** What the rules remember is looked at where they take it up. */
function isContent(value: unknown): value is CheckpointContent {
  if (!isObject(value)) return false;
  const { mishaps, positions, recent } = value;
  return (
    isObjectOf(positions, isGatewayPosition) &&
    Array.isArray(recent) &&
    recent.every(isStored) &&
    (mishaps === undefined || isMishapState(mishaps))
  );
}

function isStored(value: unknown): value is StoredTransition {
  return (
    isObject(value) && isTransition(value["transition"]) && Number.isSafeInteger(value["streamSeq"])
  );
}
