/** Who reads the streams and how far they are, by what they saved on the backbone. */
import { atOnce } from "../../../core/at-once.ts";
import type { EpochMs } from "../../../core/clock.ts";
import {
  alertsStream,
  checkpointsBucket,
  derivedStream,
  leasesBucket,
  positionsBucket,
} from "../../../core/subject.ts";
import { historianKey } from "../../../historian/historian-key.ts";
import { parseCursor } from "../../../notify/receiver-cursor.ts";
import { checkpointKey, readSavedPositions } from "../../../processor/checkpoint.ts";
import type { GatewayPosition } from "../../../stream/gateway-reader.ts";
import { openReadOnlyBucket } from "../../../stream/read-only-bucket.ts";
import { readReadingPositions } from "../../../stream/reading-positions.ts";
import { parseEntry, type RollEntry } from "../../../stream/roll-entry.ts";
import { readDocument } from "../../../stream/stored-document.ts";
import type { Connection } from "../over-backbone.ts";

/** How far somebody has read a stream. */
export interface SavedReader {
  /** `processor 12`, `historian`, `bridge hub`, `receiver ops`. */
  readonly name: string;
  readonly stream: string;
  readonly readTo: number;
  readonly savedMs: EpochMs;
}

export interface SavedPartition {
  readonly partition: number;
  readonly savedMs: EpochMs;
  /** By stream. */
  readonly readTo: ReadonlyMap<string, number>;
}

export interface SavedReceiver {
  readonly receiver: string;
  readonly waiting: number;
  readonly readTo: number;
  readonly savedMs: EpochMs;
}

/** One target of bridges, by what they saved. */
export interface SavedTarget {
  readonly target: string;
  readonly savedMs: EpochMs;
  /** By stream; of transitions not, since each partition reads its own. */
  readonly readTo: ReadonlyMap<string, number>;
}

export interface SavedReaders {
  readonly bridges: readonly RollEntry[];
  readonly targets: readonly SavedTarget[];
  readonly processors: readonly RollEntry[];
  readonly partitions: readonly SavedPartition[];
  readonly historian:
    | { readonly savedMs: EpochMs; readonly readTo: ReadonlyMap<string, number> }
    | undefined;
  readonly receivers: readonly SavedReceiver[];
}

const mostReceivers = 200;
/** Whoever may write into a bucket may write any number of keys. */
const mostKeys = 1_000;
const readsAtOnce = 16;

/** Reads what is on the backbone now; makes nothing that is not there. */
export async function readSavedReaders(
  connection: Connection,
  known: ReadonlyMap<number, SavedPartition>,
): Promise<SavedReaders> {
  const [leases, checkpoints, positions] = await Promise.all(
    [leasesBucket, checkpointsBucket, positionsBucket].map((name) =>
      openReadOnlyBucket(connection, name),
    ),
  );
  const valuesOf = async <T>(
    bucket: typeof leases,
    filter: string,
    read: (key: string) => Promise<T | undefined>,
  ): Promise<T[]> => {
    const keys = (await bucket?.keys(filter)) ?? [];
    const values = new Map<string, T>();
    await atOnce(readsAtOnce, keys.slice(0, mostKeys), async (key) => {
      const value = await read(key);
      if (value !== undefined) values.set(key, value);
    });
    return keys.flatMap((key) => values.get(key) ?? []);
  };
  const onRoll = (role: string): Promise<RollEntry[]> =>
    valuesOf(leases, `${role}.*`, async (key) => {
      const value = await leases?.get(key);
      const entry = value && parseEntry(value.value);
      return entry?.isStruck ? undefined : entry;
    });
  return {
    processors: await onRoll("processor"),
    bridges: await onRoll("bridge"),
    targets: targetsOf(
      await valuesOf(positions, "bridge.*.*", async (key) => {
        const head = await positions?.get(key);
        const saved = positions && head && (await readReadingPositions(positions, key));
        const [, target = ""] = key.split(".");
        return saved && { target, savedMs: head.savedMs, readTo: placesOf(saved.gateways) };
      }),
    ),
    partitions: await valuesOf(checkpoints, checkpointKey("*"), async (key) => {
      const partition = Number(key.split(".")[1]);
      const head = await checkpoints?.get(key);
      const before = known.get(partition);
      if (!checkpoints || !head || before?.savedMs === head.savedMs) return before;
      const read = await readSavedPositions(checkpoints, partition);
      return read && { partition, savedMs: head.savedMs, readTo: placesOf(read) };
    }),
    historian: await readHistorian(positions),
    receivers: await valuesOf(positions, "notify.*", async (key) => {
      const head = await positions?.get(key);
      const document = positions && head && (await readDocument(positions, key));
      const cursor = document?.kind === "read" ? parseCursor(document.value) : undefined;
      if (!head || !cursor) return undefined;
      const waiting = Object.values(cursor.waiting).reduce((sum, { count }) => sum + count, 0);
      const readTo = cursor.mark?.streamSeq ?? 0;
      return { receiver: key.slice("notify.".length), waiting, readTo, savedMs: head.savedMs };
    }).then((receivers) => receivers.slice(0, mostReceivers)),
  };
}

/** The partitions of each as one. */
function targetsOf(partitions: readonly SavedTarget[]): readonly SavedTarget[] {
  const targets = new Map<string, SavedTarget>();
  for (const { readTo, savedMs, target } of partitions) {
    const before = targets.get(target);
    targets.set(target, {
      target,
      savedMs: Math.max(savedMs, before?.savedMs ?? 0),
      readTo: new Map([...(before?.readTo ?? []), ...readTo]),
    });
  }
  return [...targets.values()];
}

async function readHistorian(
  positions: Awaited<ReturnType<typeof openReadOnlyBucket>>,
): Promise<SavedReaders["historian"]> {
  const head = await positions?.get(historianKey);
  const saved = positions && head && (await readReadingPositions(positions, historianKey));
  if (!head || !saved) return undefined;
  const readTo = placesOf(saved.gateways);
  if (saved.alerts) readTo.set(alertsStream, saved.alerts.streamSeq);
  if (saved.derived) readTo.set(derivedStream, saved.derived.streamSeq);
  return { savedMs: head.savedMs, readTo };
}

function placesOf(positions: Readonly<Record<string, GatewayPosition>>): Map<string, number> {
  return new Map(
    Object.entries(positions).map(([stream, { mark, stray }]) => [
      stream,
      Math.max(mark.streamSeq, stray?.streamSeq ?? 0),
    ]),
  );
}

/** Everybody, by stream. */
export function readersOf({
  historian,
  partitions,
  receivers,
  targets,
}: SavedReaders): SavedReader[] {
  return [
    ...partitions.flatMap(({ partition, readTo, savedMs }) =>
      Array.from(readTo, ([stream, seq]) => ({
        ...{ name: `processor ${partition}`, stream, readTo: seq, savedMs },
      })),
    ),
    ...Array.from(historian?.readTo ?? [], ([stream, readTo]) => ({
      ...{ name: "historian", stream, readTo, savedMs: historian?.savedMs ?? 0 },
    })),
    ...targets.flatMap(({ readTo, savedMs, target }) =>
      Array.from(readTo, ([stream, seq]) => ({
        ...{ name: `bridge ${target}`, stream, readTo: seq, savedMs },
      })),
    ),
    ...receivers.map(({ readTo, receiver, savedMs }) => ({
      ...{ name: `receiver ${receiver}`, stream: alertsStream, readTo, savedMs },
    })),
  ];
}
