/** Which keys the segments of a folder take, and whether somebody has them. */
import { formatKeyId } from "../encryption/key-ring.ts";
import type { BufferFolder } from "./open-buffer-folder.ts";

export interface KeyInUse {
  /** As people see it. */
  readonly id: string;
  readonly segments: number;
  /** New segments are encrypted with it. */
  readonly current: boolean;
  /** It is not among the keys that were given: what it encrypted cannot be read. */
  readonly missing: boolean;
}

/** In the order in which the segments need them; the current key also where none needs it yet. */
export function keysInUse({ files, keys }: BufferFolder): readonly KeyInUse[] {
  const counts = new Map<number, number>();
  for (const { finding } of files) {
    if (finding.kind !== "sealed" && finding.kind !== "open") continue;
    const keyId = finding.identity.seal?.keyId;
    if (keyId !== undefined) counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
  }
  const { currentId } = keys;
  if (currentId !== 0 && !counts.has(currentId)) counts.set(currentId, 0);
  return [...counts].map(([keyId, segments]) => ({
    id: formatKeyId(keyId),
    segments,
    current: keyId === currentId,
    missing: !keys.has(keyId),
  }));
}

/** As people see them. */
export function missingKeysOf(folder: BufferFolder): readonly string[] {
  return keysInUse(folder).flatMap(({ id, missing }) => (missing ? [id] : []));
}
