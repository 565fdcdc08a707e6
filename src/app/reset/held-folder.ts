import { constants, type Stats } from "node:fs";
import {
  access,
  type FileHandle,
  lstat,
  open,
  readdir,
  rmdir,
  stat,
  unlink,
} from "node:fs/promises";
import { join } from "node:path";

/** What a file or folder is, whatever its name. */
export type Identity = Pick<Stats, "dev" | "ino">;

/** Throws where something stands in the place of what was meant. */
export function demandSame(found: Identity, meant: Identity): void {
  if (found.dev !== meant.dev || found.ino !== meant.ino)
    throw new Error("somebody put another in its place since it was shown; it was left as it is");
}

/**
 * A folder that stays the one that was opened, whatever is put in its path later: what is done in it is
 * done by its handle. Where the system has no `/proc`, its path is compared with the handle before each
 * step, which leaves a moment. Every method rejects with the system's error.
 */
export class HeldFolder {
  readonly identity: Identity;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #isByHandle: boolean;

  private constructor(handle: FileHandle, identity: Identity, path: string, isByHandle: boolean) {
    this.identity = identity;
    this.#handle = handle;
    this.#path = isByHandle ? `/proc/self/fd/${handle.fd}` : path;
    this.#isByHandle = isByHandle;
  }

  /** Links in the path are followed. */
  static async open(path: string, flags = 0): Promise<HeldFolder> {
    const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | flags);
    const isByHandle = await access(`/proc/self/fd/${handle.fd}/.`).then(
      () => true,
      () => false,
    );
    return new HeldFolder(handle, await handle.stat(), path, isByHandle);
  }

  /** Names of what is in it. */
  async names(): Promise<readonly string[]> {
    return (await readdir(await this.#at("."))).sort();
  }

  /** Of a link, the link itself. */
  async look(name: string): Promise<Stats> {
    return lstat(await this.#at(name));
  }

  /** A folder in it; a link is refused. */
  async hold(name: string): Promise<HeldFolder> {
    return HeldFolder.open(await this.#at(name), constants.O_NOFOLLOW);
  }

  /** A file in it, to be written over; a link is refused. */
  async file(name: string): Promise<FileHandle> {
    const flags = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    return open(await this.#at(name), flags);
  }

  /** A file that is not there yet; only its owner may read it. */
  async create(name: string): Promise<FileHandle> {
    return open(await this.#at(name), "wx", 0o600);
  }

  async unlink(name: string): Promise<void> {
    return unlink(await this.#at(name));
  }

  /** An empty folder in it. */
  async removeFolder(name: string): Promise<void> {
    return rmdir(await this.#at(name));
  }

  /** Names that went are gone from the medium. */
  sync(): Promise<void> {
    return this.#handle.sync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  async #at(name: string): Promise<string> {
    if (!this.#isByHandle) demandSame(await stat(this.#path), this.identity);
    return join(this.#path, name);
  }
}
