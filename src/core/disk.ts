/**
 * Files, as the log needs them. The one real disk is `buffer/disk.ts`; tests have one that forgets
 * what was not synced. Every call rejects with the system's error (`code`: `EIO`, `ENOSPC`, ...).
 */

export interface DiskFile {
  /** Writes the buffers one after the other at `position`; resolves with the bytes written, which may be fewer. */
  write(buffers: readonly Uint8Array[], position: number): Promise<number>;
  /** Fills `target` from `position`; resolves with the bytes read, fewer only at the end of the file. */
  read(target: Uint8Array, position: number): Promise<number>;
  /** Content and size are on the medium when it resolves (fdatasync). */
  sync(): Promise<void>;
  truncate(sizeBytes: number): Promise<void>;
  sizeBytes(): Promise<number>;
  /** False once no name leads to the file any more: what is in it is gone when it is closed. */
  isNamed(): Promise<boolean>;
  close(): Promise<void>;
}

export interface Disk {
  /** Names in a folder, in no order. */
  list(folder: string): Promise<string[]>;
  /** Makes a folder and its parents; fine when it is there. Only the owner may enter it. */
  makeFolder(folder: string): Promise<void>;
  /** Creates a file that must not exist, for reading and writing; only the owner may read it. */
  create(path: string): Promise<DiskFile>;
  open(path: string, mode: "read" | "read-write"): Promise<DiskFile>;
  /** Moves a file over whatever is at `to`. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Names created, renamed and unlinked in the folder are on the medium when it resolves. */
  syncFolder(folder: string): Promise<void>;
  /** Bytes an unprivileged process may still write on the volume of the folder. */
  freeBytes(folder: string): Promise<number>;
}
