import { isObject } from "../core/is-object.ts";
import type { Random } from "../core/retry.ts";
import { positionsBucket } from "../core/subject.ts";
import type { AlertMark } from "../stream/alert-reader.ts";
import type { Backbone } from "../stream/backbone.ts";
import type { GatewayPosition } from "../stream/gateway-reader.ts";
import { cacheBucket, type ReadableBucket } from "../stream/kv.ts";
import type { EntryMark } from "../stream/marked-reading.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { isEntryMark, isGatewayPosition, isObjectOf } from "../stream/position-shape.ts";
import { readDocument, writeDocument } from "../stream/stored-document.ts";

/** Where in the bucket of positions it stands. */
export const historianKey = "historian";

/** How far the streams are in the database; plain JSON. */
export interface HistoryPosition {
  readonly format: 1;
  /** By stream. */
  readonly gateways: Readonly<Record<string, GatewayPosition>>;
  readonly alerts: AlertMark | null;
  readonly derived: EntryMark | null;
}

/** What is kept, with the revision that the next one replaces. */
export interface StoredPosition {
  /** Undefined where there is none, or none that can be read. */
  readonly position: HistoryPosition | undefined;
  readonly revision: number;
  /** Why it cannot be read. */
  readonly damage: string | undefined;
}

export interface PositionStore {
  /** Waits for a connection, at most until the signal. */
  load(signal: AbortSignal): Promise<StoredPosition>;
  /** Gives the new revision; rejects with `stream.fenced` when another historian wrote. */
  save(position: HistoryPosition, revision: number, signal: AbortSignal): Promise<number>;
}

export function createPositionStore(
  backbone: Backbone,
  options: BackboneOptions,
  random: Random,
): PositionStore {
  const openedBucket = cacheBucket(backbone, positionsBucket, options);
  return {
    async load(signal) {
      const document = await readDocument(await openedBucket(signal), historianKey);
      const { revision } = document;
      if (document.kind === "missing") return { position: undefined, revision, damage: undefined };
      if (document.kind === "damaged")
        return { position: undefined, revision, damage: document.reason };
      const position = parsePosition(document.value);
      const damage = position ? undefined : "it is not written as a position is";
      return { position, revision, damage };
    },
    save: async (position, revision, signal) =>
      writeDocument(await openedBucket(signal), historianKey, position, revision, random),
  };
}

/** What the historian saved last, for whoever only looks; undefined where there is nothing readable. */
export async function readSavedPosition(
  bucket: ReadableBucket,
): Promise<HistoryPosition | undefined> {
  const document = await readDocument(bucket, historianKey);
  return document.kind === "read" ? parsePosition(document.value) : undefined;
}

/** Undefined when the value is none. */
function parsePosition(value: unknown): HistoryPosition | undefined {
  return isPosition(value) ? value : undefined;
}

function isPosition(value: unknown): value is HistoryPosition {
  if (!isObject(value) || value["format"] !== 1) return false;
  const { alerts, derived, gateways } = value;
  return (
    isObjectOf(gateways, isGatewayPosition) &&
    [alerts, derived].every((mark) => mark === null || isEntryMark(mark))
  );
}
