/** How far a role that reads all streams is, as it keeps that in the bucket of positions. */
import { isObject } from "../core/is-object.ts";
import type { Random } from "../core/retry.ts";
import { positionsBucket } from "../core/subject.ts";
import type { AlertMark } from "./alert-reader.ts";
import type { Backbone } from "./backbone.ts";
import type { GatewayPosition } from "./gateway-reader.ts";
import { cacheBucket, type ReadableBucket } from "./kv.ts";
import type { EntryMark } from "./marked-reading.ts";
import type { BackboneOptions } from "./options.ts";
import { isEntryMark, isGatewayPosition, isObjectOf } from "./position-shape.ts";
import { readDocument, writeDocument } from "./stored-document.ts";

/** How far somebody has read the streams; plain JSON. */
export interface ReadingPositions {
  readonly format: 1;
  /** By stream. */
  readonly gateways: Readonly<Record<string, GatewayPosition>>;
  readonly alerts: AlertMark | null;
  readonly derived: EntryMark | null;
}

/** What is kept, with the revision that the next one replaces. */
export interface StoredPositions {
  /** Undefined where there is none, or none that can be read. */
  readonly positions: ReadingPositions | undefined;
  readonly revision: number;
  /** Why it cannot be read. */
  readonly damage: string | undefined;
}

export interface PositionStore {
  /** Waits for a connection, at most until the signal. */
  load(signal: AbortSignal): Promise<StoredPositions>;
  /** Gives the new revision; rejects with `stream.fenced` when somebody else wrote. */
  save(positions: ReadingPositions, revision: number, signal: AbortSignal): Promise<number>;
}

/** `key` is where in the bucket they stand: `historian`, `bridge.<target>.<partition>`. */
export function createPositionStore(
  key: string,
  backbone: Backbone,
  options: BackboneOptions,
  random: Random,
): PositionStore {
  const openedBucket = cacheBucket(backbone, positionsBucket, options);
  return {
    async load(signal) {
      const document = await readDocument(await openedBucket(signal), key);
      const { revision } = document;
      if (document.kind === "missing") return { positions: undefined, revision, damage: undefined };
      if (document.kind === "damaged")
        return { positions: undefined, revision, damage: document.reason };
      const positions = parsePositions(document.value);
      const damage = positions ? undefined : "they are not written as positions are";
      return { positions, revision, damage };
    },
    save: async (positions, revision, signal) =>
      writeDocument(await openedBucket(signal), key, positions, revision, random),
  };
}

/** What was saved last, for whoever only looks; undefined where there is nothing readable. */
export async function readReadingPositions(
  bucket: ReadableBucket,
  key: string,
): Promise<ReadingPositions | undefined> {
  const document = await readDocument(bucket, key);
  return document.kind === "read" ? parsePositions(document.value) : undefined;
}

/** Undefined when the value holds none. */
function parsePositions(value: unknown): ReadingPositions | undefined {
  return arePositions(value) ? value : undefined;
}

function arePositions(value: unknown): value is ReadingPositions {
  if (!isObject(value) || value["format"] !== 1) return false;
  const { alerts, derived, gateways } = value;
  return (
    isObjectOf(gateways, isGatewayPosition) &&
    [alerts, derived].every((mark) => mark === null || isEntryMark(mark))
  );
}
