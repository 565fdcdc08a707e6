/**
 * One process per data folder.
 *
 * Node has no file locks, so the lock is a listening Unix socket: it is bound under a name of its own
 * and then linked to `lock`, which fails when that is there. Whoever finds `lock` knocks: an answer
 * means that the owner lives, a refusal that it died without cleaning up, on whatever boot and in
 * whatever container.
 */
import { link, rename, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { GatewayError } from "../core/errors.ts";
import { fnv1a64 } from "../core/fnv1a.ts";
import { diskErrorCode } from "./disk-errors.ts";

/** The system takes about 107 bytes for the path of a socket; Node cuts longer ones in silence. */
const longestPathBytes = 100;
const mostAttempts = 10;

/** A folder that is locked by this process. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Locks a folder that exists. `owner` tells this process from all others, also from one of the same
 * number in another container: letters, digits and dashes, at most 24. Rejects with `buffer.locked` while
 * another process lives that has it.
 */
export async function lockFolder(folder: string, owner: string): Promise<FolderLock> {
  const path = lockPath(folder, owner.length);
  const ownPath = `${path}.${owner}`;
  const server = await listen(ownPath);
  try {
    await linkOver(ownPath, path, owner, folder);
  } catch (failure) {
    await close(server);
    throw failure;
  }
  return {
    async release() {
      await unlink(path).catch(() => {});
      await close(server);
    },
  };
}

/** `lock` in the folder, or a name of its own in the system's temporary folder where that is too long. */
export function lockPath(folder: string, ownerBytes: number): string {
  const path = join(resolve(folder), "lock");
  const longest = Buffer.byteLength(path) + ".stale.".length + ownerBytes;
  if (longest <= longestPathBytes) return path;
  return join(tmpdir(), `sluicegate-${fnv1a64(resolve(folder))}.lock`);
}

async function linkOver(
  ownPath: string,
  path: string,
  owner: string,
  folder: string,
): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    try {
      return await link(ownPath, path);
    } catch (failure) {
      if (diskErrorCode(failure) !== "EEXIST")
        throw GatewayError.from(failure, "buffer.io", `cannot lock ${folder}`);
    }
    if (await isAnswered(path)) throw lockedError(folder);
    await setAside(path, owner, folder);
  }
  throw lockedError(folder);
}

/** Moves a lock nobody answers at out of the way; one that was taken anew meanwhile is put back. */
async function setAside(path: string, owner: string, folder: string): Promise<void> {
  const stalePath = `${path}.stale.${owner}`;
  try {
    await rename(path, stalePath);
  } catch {
    return;
  }
  if (await isAnswered(stalePath)) {
    await link(stalePath, path).catch(() => {});
    await unlink(stalePath);
    throw lockedError(folder);
  }
  await unlink(stalePath);
}

function lockedError(folder: string): GatewayError {
  return new GatewayError(
    "buffer.locked",
    `cannot use ${folder}: another sluicegate process has it; stop that one or name another folder`,
  );
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (failure) => {
      const code = diskErrorCode(failure);
      resolve(code !== "ECONNREFUSED" && code !== "ENOENT");
    });
  });
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (failure) => {
      reject(GatewayError.from(failure, "buffer.io", `cannot listen on ${path}`));
    });
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
