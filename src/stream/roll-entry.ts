/** What a process of a role says of itself to the others on the backbone. */
import type { EpochMs } from "../core/clock.ts";
import { isObject } from "../core/is-object.ts";

/** What does not go in the work of a process, for whoever looks on from elsewhere. */
export interface ToldTrouble {
  readonly reason: string;
  /** Since when; absent where it is over. */
  readonly sinceMs?: EpochMs;
  /** What it is that does not go, where it is one thing. */
  readonly item?: string;
}

export interface RollEntry {
  /** Drawn anew at each start. */
  readonly id: string;
  /** What people call it: the machine it runs on. */
  readonly name: string;
  /** By which others on its machine can tell that its process is no more; absent where they cannot. */
  readonly mark?: string;
  /** False while it has not been there for long: it is given nothing as long as others are. */
  readonly isSettled: boolean;
  /** The shares that it holds, each with the time at which it was taken. */
  readonly holds: Readonly<Record<string, EpochMs>>;
  /** By what it is about: the target of a bridge. */
  readonly troubles?: Readonly<Record<string, ToldTrouble>>;
  /** Others found it gone; it is on the roll no more. */
  readonly isStruck?: true;
}

export function encodeEntry(entry: RollEntry): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(entry));
}

/** Many times what a process with all shares and trouble in each says. */
const mostEntryBytes = 256 * 1024;
const longestName = 256;

/** Undefined for a value that none of them wrote. */
export function parseEntry(value: Uint8Array): RollEntry | undefined {
  if (value.length > mostEntryBytes) return undefined;
  let entry: unknown;
  try {
    entry = JSON.parse(new TextDecoder().decode(value));
  } catch {
    return undefined;
  }
  return isEntry(entry) ? entry : undefined;
}

function isEntry(value: unknown): value is RollEntry {
  if (!isObject(value)) return false;
  const { holds, id, isSettled, mark, name, troubles = {} } = value;
  return (
    typeof id === "string" &&
    id.length <= longestName &&
    typeof name === "string" &&
    name.length <= longestName &&
    typeof isSettled === "boolean" &&
    (mark === undefined || typeof mark === "string") &&
    isObject(holds) &&
    Object.values(holds).every((sinceMs) => typeof sinceMs === "number") &&
    isObject(troubles) &&
    Object.values(troubles).every(isTrouble)
  );
}

function isTrouble(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { item, reason, sinceMs } = value;
  return (
    typeof reason === "string" &&
    (sinceMs === undefined || typeof sinceMs === "number") &&
    (item === undefined || typeof item === "string")
  );
}
