/** Letters that people want set aside, so that those behind them can go. */
import { isObject } from "../core/is-object.ts";
import type { Random } from "../core/retry.ts";
import type { KeyValueBucket, ReadableBucket } from "../stream/kv.ts";
import { readDocument, writeDocument } from "../stream/stored-document.ts";

/** The oldest are forgotten first. */
const mostKept = 1_000;

const keyOf = (target: string): string => `bridge-skip.${target}`;

/** Why each is, by its id. */
export type SkippedLetters = ReadonlyMap<string, string>;

/** Empty where there are none, or none that can be read. */
export async function readSkipped(bucket: ReadableBucket, target: string): Promise<SkippedLetters> {
  const document = await readDocument(bucket, keyOf(target));
  return document.kind === "read" ? parseSkipped(document.value) : new Map();
}

/** Notes one more. Throws `stream.fenced` when somebody else noted another one just now. */
export async function skipLetter(
  bucket: KeyValueBucket,
  target: string,
  { id, reason }: { readonly id: string; readonly reason: string },
  random: Random,
): Promise<void> {
  const document = await readDocument(bucket, keyOf(target));
  const before = document.kind === "read" ? [...parseSkipped(document.value)] : [];
  const letters = [...before.filter(([one]) => one !== id), [id, reason]].slice(-mostKept);
  await writeDocument(bucket, keyOf(target), { format: 1, letters }, document.revision, random);
}

/** Empty for a value that none of ours wrote. */
export function parseSkipped(value: unknown): SkippedLetters {
  const letters: unknown = isObject(value) ? value["letters"] : undefined;
  const skipped = new Map<string, string>();
  if (!Array.isArray(letters)) return skipped;
  for (const entry of letters.slice(-mostKept)) {
    const [id, reason]: unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof id === "string" && typeof reason === "string") skipped.set(id, reason);
  }
  return skipped;
}
