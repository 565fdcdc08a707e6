/** A backup on disk: for each stream what the server packed, and in `backup.json` what that is. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../../core/errors.ts";
import { isObject } from "../../core/is-object.ts";
import type { SnapshotHead, SnapshotSink } from "../../stream/stream-snapshot.ts";
import { replaceFile } from "../replace-file.ts";

const listName = "backup.json";
const schema = "sluicegate.backup/1";

/** One stream in a backup. */
export interface PackedStream {
  readonly stream: string;
  readonly bytes: number;
  readonly messages: number;
  readonly sha256: string;
  readonly head: SnapshotHead;
}

export interface Backup {
  /** When it was begun, RFC 3339. */
  readonly at: string;
  /** Version of the server. */
  readonly server: string;
  readonly streams: readonly PackedStream[];
}

/** Makes the folder; refuses one that has something in it. */
export async function beginBackup(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new GatewayError("usage", `${folder} is not empty: name a new folder for the backup`);
}

/** Takes one stream; `packed` is what came of it once the last piece is in. */
export async function packStream(
  folder: string,
  stream: string,
  take: (sink: SnapshotSink) => Promise<void>,
): Promise<PackedStream> {
  const file = await open(join(folder, packedName(stream)), "wx", 0o600);
  const hash = createHash("sha256");
  let bytes = 0;
  let head: SnapshotHead = { config: {}, state: {} };
  try {
    await take({
      async begin(given) {
        head = given;
      },
      async piece(piece) {
        hash.update(piece);
        bytes += piece.length;
        await file.writeFile(piece);
      },
    });
    await file.sync();
  } finally {
    await file.close();
  }
  const messages = "messages" in head.state ? Number(head.state.messages) : 0;
  return { stream, bytes, messages, sha256: hash.digest("hex"), head };
}

/** Written last: a folder without it is no backup. */
export async function endBackup(folder: string, backup: Backup): Promise<void> {
  const path = join(folder, listName);
  const text = `${JSON.stringify({ schema, ...backup }, undefined, 2)}\n`;
  await replaceFile(path, text, { newMode: 0o600 });
}

/** Reads and checks all of it before anything is restored. Throws `usage` for what is no whole backup. */
export async function openBackup(folder: string): Promise<Backup> {
  const text = await readFile(join(folder, listName), "utf8").catch(() => {
    throw new GatewayError("usage", `${folder} is no whole backup: there is no ${listName} in it`);
  });
  const backup: unknown = JSON.parse(text);
  if (!isBackup(backup))
    throw new GatewayError("usage", `${join(folder, listName)} is not of this version`);
  for (const { sha256, stream } of backup.streams) {
    const hash = createHash("sha256");
    for await (const piece of piecesOf(folder, stream)) hash.update(piece);
    if (hash.digest("hex") !== sha256)
      throw new GatewayError(
        "usage",
        `${join(folder, packedName(stream))} is damaged: nothing was restored`,
      );
  }
  return backup;
}

/** What the server gets back, in pieces that fit into a message. */
export function piecesOf(folder: string, stream: string): AsyncIterable<Uint8Array> {
  return createReadStream(join(folder, packedName(stream)), { highWaterMark: 128 * 1024 });
}

function packedName(stream: string): string {
  return `${stream}.tar.s2`;
}

function isBackup(value: unknown): value is Backup {
  return isObject(value) && value["schema"] === schema && Array.isArray(value["streams"]);
}
