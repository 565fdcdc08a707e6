/**
 * One process per data folder.
 *
 * Node has no file locks, so the lock is a listening Unix socket: it is bound under a name of its own
 * and then linked to `lock`, which fails when that is there. Whoever finds `lock` knocks: an answer
 * means that the owner lives, a refusal that it died without cleaning up, on whatever boot and in
 * whatever container.
 *
 * A dead lock is renamed before it is deleted. Whoever comes late may so rename a lock that was just
 * taken: it is put back, and until then the renamed one counts as much as the lock itself.
 */
import { link, readdir, rename, stat, unlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { GatewayError } from "../core/errors.ts";
import { longestSocketBytes, shelterFor } from "../core/socket-shelter.ts";
import { systemCode } from "../core/system-reason.ts";
import { folderError, isReadOnly } from "./files/disk-errors.ts";

/** Not that of one owner: everybody must look for the lock at the same place. */
const longestOwnerBytes = 24;
const mostAttempts = 10;
const staleMark = ".stale.";

/** A folder that is locked by this process. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Locks a folder that exists. `owner` tells this process from all others, also from one of the same
 * number in another container: letters, digits and dashes, at most 24. Rejects with `buffer.locked`
 * while another process lives that has it, with `buffer.denied` where this user may not.
 */
export async function lockFolder(folder: string, owner: string): Promise<FolderLock> {
  const path = lockPath(folder);
  try {
    return await lockAt(path, folder, owner);
  } catch (failure) {
    if (!isReadOnly(failure)) throw folderError(failure, folder);
    // Whoever had the folder before its volume became read-only has it still.
    if (await isAnswered(path)) throw lockedError(folder);
    return lockAt(temporaryPath(folder), folder, owner);
  }
}

/** True while a process lives that has the folder. */
export async function isLocked(folder: string): Promise<boolean> {
  return (await isAnswered(lockPath(folder))) || (await isAnswered(temporaryPath(folder)));
}

/** `lock` in the folder, or a name of its own in the system's temporary folder where that is too long. */
export function lockPath(folder: string): string {
  const path = join(resolve(folder), "lock");
  const longest = Buffer.byteLength(path) + staleMark.length + longestOwnerBytes;
  return longest <= longestSocketBytes ? path : temporaryPath(folder);
}

function temporaryPath(folder: string): string {
  return shelterFor(resolve(folder), tmpdir(), "lock");
}

async function lockAt(path: string, folder: string, owner: string): Promise<FolderLock> {
  const ownPath = `${path}.${owner}`;
  const server = await listen(ownPath);
  try {
    await linkOver(ownPath, path, owner, folder);
  } catch (failure) {
    await close(server);
    throw failure;
  }
  // One name is enough, and a killed process should leave no more than that.
  await unlink(ownPath).catch(() => {});
  return {
    async release() {
      await unlink(path).catch(() => {});
      await close(server);
    },
  };
}

async function linkOver(
  ownPath: string,
  path: string,
  owner: string,
  folder: string,
): Promise<void> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    if (await tryLink(ownPath, path, folder)) {
      if (!(await isAnotherDisplaced(path, ownPath))) return;
      await unlink(path).catch(() => {});
      throw lockedError(folder);
    }
    if (await isAnswered(path)) throw lockedError(folder);
    await setAside(path, owner, folder);
  }
  throw lockedError(folder);
}

/** False when the name is taken. */
async function tryLink(from: string, to: string, folder: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (failure) {
    if (systemCode(failure) === "EEXIST") return false;
    throw folderError(failure, folder);
  }
}

/** Moves a lock nobody answers at out of the way; one that was taken anew meanwhile is put back. */
async function setAside(path: string, owner: string, folder: string): Promise<void> {
  const stalePath = `${path}${staleMark}${owner}`;
  try {
    await rename(path, stalePath);
  } catch {
    return;
  }
  if (!(await isAnswered(stalePath))) return unlink(stalePath);
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    if (await tryLink(stalePath, path, folder)) {
      await unlink(stalePath);
      break;
    }
    await isAnswered(path);
  }
  throw lockedError(folder);
}

/** True when somebody lives whose lock was renamed by mistake; what is left of the dead goes. */
async function isAnotherDisplaced(path: string, ownPath: string): Promise<boolean> {
  const own = await stat(ownPath);
  const prefix = `${basename(path)}${staleMark}`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const stalePath = join(dirname(path), name);
    const found = await stat(stalePath).catch(() => undefined);
    if (found === undefined || found.ino === own.ino) continue;
    if (await isAnswered(stalePath)) return true;
    await unlink(stalePath).catch(() => {});
  }
  return false;
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
      const code = systemCode(failure);
      resolve(code !== "ECONNREFUSED" && code !== "ENOENT");
    });
  });
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
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
