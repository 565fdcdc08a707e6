/** Packs the streams and buckets of a backbone into a folder, and puts them back. */
import { GatewayError } from "../../core/errors.ts";
import type { Backbone } from "../../stream/backbone.ts";
import { listStreams } from "../../stream/list-streams.ts";
import { deleteStream, putBack, takeSnapshot } from "../../stream/stream-snapshot.ts";
import { systemClock } from "../system-clock.ts";
import { backedUpOf } from "./backed-up-streams.ts";
import {
  type Backup,
  beginBackup,
  endBackup,
  openBackup,
  type PackedStream,
  packStream,
  piecesOf,
} from "./backup-folder.ts";

/** A backbone that answers. */
export interface ReachedBackbone {
  readonly backbone: Pick<Backbone, "createInbox">;
  readonly connection: Awaited<ReturnType<Backbone["connected"]>>;
}

type Told = (line: PackedStream) => void;

/** Everything goes on meanwhile. */
export async function backUp(
  { backbone, connection }: ReachedBackbone,
  folder: string,
  at: string,
  told: Told,
): Promise<Backup> {
  await beginBackup(folder);
  const names = (await listStreams(connection)).map(({ name }) => name);
  const streams: PackedStream[] = [];
  for (const stream of backedUpOf(names)) {
    const packed = await packStream(folder, stream, (sink) =>
      takeSnapshot({ connection, inbox: backbone.createInbox(), clock: systemClock }, stream, sink),
    );
    streams.push(packed);
    told(packed);
  }
  if (streams.length === 0)
    throw new GatewayError(
      "usage",
      "there is nothing to back up: no stream of sluicegate is there",
    );
  const backup = { at, server: connection.info?.version ?? "unknown", streams };
  await endBackup(folder, backup);
  return backup;
}

/** What putting a backup back would do. */
export interface RestorePlan {
  readonly folder: string;
  readonly backup: Backup;
  /** Streams of the backup that are there, and are deleted first. */
  readonly replaced: ReadonlySet<string>;
}

/**
 * Looks whether the backup is whole and what is in its way, and touches nothing. Streams that are there
 * throw `usage`, unless `replace` is to delete them, all that is newer in them with them.
 */
export async function planRestore(
  { connection }: ReachedBackbone,
  folder: string,
  replace: boolean,
): Promise<RestorePlan> {
  const backup = await openBackup(folder);
  const there = new Set((await listStreams(connection)).map(({ name }) => name));
  const inTheWay = backup.streams.filter(({ stream }) => there.has(stream));
  if (inTheWay.length > 0 && !replace)
    throw new GatewayError(
      "usage",
      `the backbone has ${inTheWay.map(({ stream }) => stream).join(", ")} already; ` +
        "--replace deletes what is there and puts the backup in its place",
    );
  return { folder, backup, replaced: new Set(inTheWay.map(({ stream }) => stream)) };
}

/** Does what was planned. Nobody may read or write meanwhile. */
export async function restore(
  { connection }: ReachedBackbone,
  { backup, folder, replaced }: RestorePlan,
  told: Told,
): Promise<void> {
  // What follows from others comes back last, so that nobody finds a position without its stream.
  for (const packed of [...backup.streams].reverse()) {
    const { head, stream } = packed;
    if (replaced.has(stream)) await deleteStream(connection, stream);
    await putBack(connection, stream, head, piecesOf(folder, stream));
    told(packed);
  }
}
