/**
 * What a partition goes on from: how far each stream was read, what the rules remember at exactly
 * that point, and the transitions that may have to be appended again.
 */
import { listText } from "../core/list-text.ts";
import type { Random } from "../core/retry.ts";
import { checkpointsBucket } from "../core/subject.ts";
import type { StoredTransition } from "../stream/alert-log.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { GatewayPosition } from "../stream/gateway-reader.ts";
import { cacheBucket } from "../stream/kv.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { readDocument, removeOldChunks, writeDocumentText } from "../stream/stored-document.ts";
import type { MishapState } from "./mishaps.ts";

export interface Checkpoint {
  readonly format: 1;
  /** By name of the gateway's stream. */
  readonly positions: Readonly<Record<string, GatewayPosition>>;
  /** The snapshot of the rule engine. */
  readonly engine: unknown;
  readonly recent: readonly StoredTransition[];
  /** Absent in checkpoints of the first version. */
  readonly mishaps?: MishapState;
}

/** A checkpoint to be written: the engine's part comes as text, piece by piece. */
export interface CheckpointDraft extends Omit<Checkpoint, "format" | "engine"> {
  readonly engineText: Iterable<string>;
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
   * checkpoint may have been written.
   */
  save(draft: CheckpointDraft, revision: number, signal: AbortSignal): Promise<number>;
}

/** Gives the function that lists the partitions that have a checkpoint. */
export function createCheckpointList(
  backbone: Backbone,
  options: BackboneOptions,
): (signal: AbortSignal) => Promise<readonly number[]> {
  const openedBucket = cacheBucket(backbone, checkpointsBucket, options);
  return async (signal) => {
    const keys = await (await openedBucket(signal)).keysBelow("rules");
    return [...new Set(keys.map((key) => Number(key.split(".")[1])))];
  };
}

export function createCheckpointStore(
  partition: number,
  backbone: Backbone,
  options: BackboneOptions,
  random: Random,
): CheckpointStore {
  const key = `rules.${partition}`;
  const openedBucket = cacheBucket(backbone, checkpointsBucket, options);
  return {
    async load(signal) {
      const bucket = await openedBucket(signal);
      const document = await readDocument(bucket, key);
      const { revision } = document;
      if (document.kind === "missing") return { revision, checkpoint: undefined };
      if (document.kind === "damaged")
        return { revision, checkpoint: undefined, damage: document.reason };
      await removeOldChunks(bucket, key, revision);
      return isCheckpoint(document.value)
        ? { revision, checkpoint: document.value }
        : { revision, checkpoint: undefined, damage: "its format is not known" };
    },
    async save(draft, revision, signal) {
      const text = checkpointText(draft);
      return writeDocumentText(await openedBucket(signal), key, text, revision, random);
    },
  };
}

/** The text of a `Checkpoint`. */
function* checkpointText({ engineText, recent, ...rest }: CheckpointDraft): Iterable<string> {
  yield '{"format":1,"engine":';
  yield* engineText;
  yield ',"recent":';
  yield* listText(recent);
  yield `,${JSON.stringify(rest).slice(1)}`;
}

/** Only this process's kind writes the key, so a known format vouches for the rest. */
function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== "object" || value === null) return false;
  const { format, positions, recent }: Partial<Record<keyof Checkpoint, unknown>> = value;
  return (
    format === 1 && typeof positions === "object" && positions !== null && Array.isArray(recent)
  );
}
