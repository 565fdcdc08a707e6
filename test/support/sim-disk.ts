/**
 * A disk in memory that forgets what was not synced.
 *
 * Each file keeps what is on the medium apart from what the system only promised; each name created,
 * renamed or deleted is a promise too, until its folder is synced. `crash` breaks promises at random:
 * any of them may be kept, in part and in any order, as real disks do.
 */
import { dirname } from "node:path";
import type { Disk, DiskFile } from "../../src/core/disk.ts";

const sectorBytes = 512;
const pageBytes = 4096;
const shortWrite = "SHORT";
const mostDeleted = 4;

/** What is asked of the disk, for choosing faults. */
export type DiskCall =
  | "list"
  | "create"
  | "open"
  | "rename"
  | "unlink"
  | "syncFolder"
  | "write"
  | "read"
  | "sync"
  | "truncate";

export interface SimDiskOptions {
  /** From 0 to below 1; the same numbers give the same crash. */
  readonly random: () => number;
  /** Bytes of all files together; default: as many as anybody writes. */
  readonly capacityBytes?: number;
  /** A sync answers that all is well and does nothing. */
  readonly lyingSync?: boolean;
}

type Change =
  | { readonly kind: "write"; readonly position: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly sizeBytes: number };

type NameChange =
  | { readonly kind: "add"; readonly path: string; readonly file: StoredFile }
  | { readonly kind: "remove"; readonly path: string }
  | {
      readonly kind: "move";
      readonly from: string;
      readonly to: string;
      readonly file: StoredFile;
    };

/** One file: what the medium has, what a reader sees, and the changes between the two. */
interface StoredFile {
  durable: Buffer;
  seen: Buffer;
  pending: Change[];
  /** Numbers of pages that can be neither read nor written. */
  readonly badPages: Set<number>;
}

export class SimDisk implements Disk {
  readonly #options: SimDiskOptions;
  #names = new Map<string, StoredFile>();
  #durableNames = new Map<string, StoredFile>();
  #pendingNames: NameChange[] = [];
  /** Files whose blocks are free for others, latest first. */
  #deleted: StoredFile[] = [];
  #callsLeft = Number.POSITIVE_INFINITY;
  #callCount = 0;
  #hasCrashed = false;
  #capacityBytes: number;
  /**
   * Gives the system's code of the failure that a call meets; undefined lets it pass. `SHORT` makes
   * a write take half of its bytes.
   */
  fault: (call: DiskCall, path: string) => string | undefined = noFault;

  constructor(options: SimDiskOptions) {
    this.#options = options;
    this.#capacityBytes = options.capacityBytes ?? Number.MAX_SAFE_INTEGER;
  }

  get isDead(): boolean {
    return this.#callsLeft <= 0;
  }

  /** Calls so far. */
  get callCount(): number {
    return this.#callCount;
  }

  /** Neither a fault nor a limit was asked for since `heal`. */
  get isHealthy(): boolean {
    return this.fault === noFault && this.#capacityBytes === Number.MAX_SAFE_INTEGER;
  }

  /** No call fails any more, and there is room. */
  heal(): void {
    this.fault = noFault;
    this.#capacityBytes = Number.MAX_SAFE_INTEGER;
  }

  /** Below `usedBytes` what is deleted gives nothing back at first; what is there can be overwritten. */
  set capacityBytes(bytes: number) {
    this.#capacityBytes = bytes;
  }

  /** The power goes after so many further calls: later ones, and maybe the last, never answer. */
  dieAfter(calls: number): void {
    this.#callsLeft = calls;
  }

  /** What a machine finds after the power came back. The old disk answers nobody any more. */
  crash(): SimDisk {
    this.#callsLeft = 0;
    this.#hasCrashed = true;
    const next = new SimDisk(this.#options);
    const names = new Map(this.#durableNames);
    for (const change of this.#pendingNames) if (this.#chance(0.5)) applyName(names, change);
    const copies = new Map<StoredFile, StoredFile>();
    for (const [path, file] of names) {
      const copy = copies.get(file) ?? this.#survivor(file);
      copies.set(file, copy);
      next.#names.set(path, copy);
      next.#durableNames.set(path, copy);
    }
    return next;
  }

  /** The bytes of a file as a reader sees them, for tests that damage or compare them. */
  contentOf(path: string): Buffer {
    return this.#find(path).seen;
  }

  /** Changes a file behind everybody's back, durably. */
  damage(path: string, change: (bytes: Buffer) => Buffer): void {
    const file = this.#find(path);
    const bytes = change(Buffer.from(file.seen));
    file.durable = bytes;
    file.seen = Buffer.from(bytes);
    file.pending = [];
  }

  /** From now on the 4 KiB around a place of the file can be neither read nor written. */
  badSector(path: string, offset: number): void {
    this.#find(path).badPages.add(Math.floor(offset / pageBytes));
  }

  /** Deletes a file behind everybody's back. */
  lose(path: string): void {
    this.#names.delete(path);
    this.#durableNames.delete(path);
  }

  get paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  async list(folder: string): Promise<string[]> {
    await this.#enter("list", folder);
    return [...this.#names.keys()]
      .filter((path) => dirname(path) === folder)
      .map((path) => path.slice(folder.length + 1));
  }

  async makeFolder(): Promise<void> {}

  async create(path: string): Promise<DiskFile> {
    await this.#enter("create", path);
    if (this.#names.has(path)) throw diskError("EEXIST", path);
    const file: StoredFile = {
      durable: Buffer.alloc(0),
      seen: Buffer.alloc(0),
      pending: [],
      badPages: new Set(),
    };
    this.#change({ kind: "add", path, file });
    return this.#handle(path, file);
  }

  async open(path: string): Promise<DiskFile> {
    await this.#enter("open", path);
    return this.#handle(path, this.#find(path));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#enter("rename", from);
    this.#change({ kind: "move", from, to, file: this.#find(from) });
  }

  async unlink(path: string): Promise<void> {
    await this.#enter("unlink", path);
    this.#find(path);
    this.#change({ kind: "remove", path });
  }

  async syncFolder(folder: string): Promise<void> {
    await this.#enter("syncFolder", folder);
    if (this.#options.lyingSync) return;
    const concerns = (change: NameChange): boolean =>
      change.kind === "move"
        ? dirname(change.from) === folder || dirname(change.to) === folder
        : dirname(change.path) === folder;
    for (const change of this.#pendingNames.filter(concerns)) applyName(this.#durableNames, change);
    this.#pendingNames = this.#pendingNames.filter((change) => !concerns(change));
  }

  async freeBytes(): Promise<number> {
    return Math.max(0, this.#capacityBytes - this.usedBytes());
  }

  #handle(path: string, file: StoredFile): DiskFile {
    return {
      write: async (buffers, position) => {
        const isShort = (await this.#enter("write", path)) === shortWrite;
        const all = Buffer.concat(buffers);
        const bytes = isShort ? all.subarray(0, Math.ceil(all.length / 2)) : all;
        const free = Math.max(0, this.#capacityBytes - this.usedBytes());
        const room = free + file.seen.length - position;
        if (room <= 0) throw diskError("ENOSPC", path);
        checkPages(file, path, position, position + bytes.length);
        const change: Change = { kind: "write", position, bytes: bytes.subarray(0, room) };
        file.seen = applyChange(file.seen, change);
        file.pending.push(change);
        await this.#leave();
        return change.bytes.length;
      },
      read: async (target, position) => {
        await this.#enter("read", path);
        checkPages(file, path, position, Math.min(file.seen.length, position + target.length));
        const part = file.seen.subarray(position, position + target.length);
        target.set(part);
        return part.length;
      },
      sync: async () => {
        if (this.#callsLeft === 1 && this.#chance(0.5)) this.#settle(file);
        try {
          await this.#enter("sync", path);
        } catch (failure) {
          // The system has tried once: the bytes may be on the medium or not, and a later sync
          // succeeds without writing them.
          if (this.#chance(0.5)) this.#settle(file);
          file.pending = [];
          throw failure;
        }
        this.#settle(file);
        await this.#leave();
      },
      truncate: async (sizeBytes) => {
        await this.#enter("truncate", path);
        const change: Change = { kind: "truncate", sizeBytes };
        file.seen = applyChange(file.seen, change);
        file.pending.push(change);
        for (const page of file.badPages)
          if (page * pageBytes >= sizeBytes) file.badPages.delete(page);
      },
      sizeBytes: async () => file.seen.length,
      isNamed: async () => [...this.#names.values()].includes(file),
      close: async () => {},
    };
  }

  #settle(file: StoredFile): void {
    if (this.#options.lyingSync) return;
    for (const change of file.pending) file.durable = applyChange(file.durable, change);
    file.pending = [];
  }

  /** The medium, with some of the promises kept, torn at sectors. */
  #survivor(file: StoredFile): StoredFile {
    let bytes: Buffer = Buffer.from(file.durable);
    for (const change of file.pending) {
      const fate = this.#options.random();
      if (fate < 0.3) continue;
      if (change.kind === "truncate" || fate < 0.5) bytes = applyChange(bytes, change);
      else bytes = this.#tear(bytes, change.position, change.bytes);
    }
    return { durable: bytes, seen: Buffer.from(bytes), pending: [], badPages: file.badPages };
  }

  #tear(bytes: Buffer, position: number, written: Buffer): Buffer {
    let torn = bytes;
    for (let at = 0; at < written.length; ) {
      const end = Math.min(written.length, at + sectorBytes - ((position + at) % sectorBytes));
      const part = written.subarray(at, end);
      if (this.#chance(0.7)) {
        torn = applyChange(torn, { kind: "write", position: position + at, bytes: part });
      } else if (this.#chance(0.3)) {
        if (position + at >= bytes.length) {
          const bytesThere = this.#neverWritten(position + at, part.length);
          torn = applyChange(torn, { kind: "write", position: position + at, bytes: bytesThere });
        }
      }
      at = end;
    }
    return torn;
  }

  /** What a new block of a file holds before it is written: zeros, or bytes of another file. */
  #neverWritten(position: number, length: number): Buffer {
    const found = Buffer.alloc(length);
    const others = [...this.#names.values(), ...this.#deleted];
    const other = others[Math.floor(this.#options.random() * others.length * 2)];
    if (other) found.set(other.durable.subarray(position, position + length));
    return found;
  }

  #change(change: NameChange): void {
    const left = change.kind === "remove" ? this.#names.get(change.path) : undefined;
    if (left) this.#deleted = [left, ...this.#deleted].slice(0, mostDeleted);
    applyName(this.#names, change);
    this.#pendingNames.push(change);
  }

  #find(path: string): StoredFile {
    const file = this.#names.get(path);
    if (!file) throw diskError("ENOENT", path);
    return file;
  }

  /** Bytes of all files. */
  usedBytes(): number {
    return [...new Set(this.#names.values())].reduce((sum, { seen }) => sum + seen.length, 0);
  }

  #chance(probability: number): boolean {
    return this.#options.random() < probability;
  }

  /** Gives the fault that is no failure. */
  async #enter(call: DiskCall, path: string): Promise<string | undefined> {
    await Promise.resolve();
    if (this.#callsLeft <= 0) await never();
    this.#callsLeft -= 1;
    this.#callCount += 1;
    const code = this.fault(call, path);
    if (code === shortWrite) return code;
    if (code) throw diskError(code, path);
    return undefined;
  }

  /** A call that was the last one may have done its work, and still nobody hears of it. */
  async #leave(): Promise<void> {
    if (this.#hasCrashed || (this.#callsLeft <= 0 && this.#chance(0.5))) await never();
  }
}

function noFault(): undefined {}

function checkPages(file: StoredFile, path: string, from: number, to: number): void {
  for (const page of file.badPages)
    if (to > page * pageBytes && from < (page + 1) * pageBytes) throw diskError("EIO", path);
}

function applyChange(bytes: Buffer, change: Change): Buffer {
  if (change.kind === "truncate") {
    const cut = Buffer.alloc(change.sizeBytes);
    bytes.copy(cut);
    return cut;
  }
  const end = change.position + change.bytes.length;
  const grown = Buffer.alloc(Math.max(bytes.length, end));
  bytes.copy(grown);
  change.bytes.copy(grown, change.position);
  return grown;
}

function applyName(names: Map<string, StoredFile>, change: NameChange): void {
  if (change.kind === "add") names.set(change.path, change.file);
  else if (change.kind === "remove") names.delete(change.path);
  else {
    // A system moves a file and not a name: never another one that had the name before.
    if (names.get(change.from) === change.file) names.delete(change.from);
    names.set(change.to, change.file);
  }
}

function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function never(): Promise<never> {
  return new Promise(() => {});
}
