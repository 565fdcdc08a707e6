/** Messages that could not be read: in groups, one by one, and tried again. */
import * as z from "zod";
import { count, epochMs } from "./parts.ts";

export const deadLetterGroup = z.strictObject({
  /** Its place in paths. */
  key: z.string(),
  /** As rejections have it: `undecodable`, `no-profile`. */
  code: z.string(),
  /** Of the last one. */
  reason: z.string(),
  lastId: z.string(),
  /** What they have in common, in words for people: where they failed. */
  stage: z.string(),
  profile: z.string().nullable(),
  /** With `+` where several. */
  topic: z.string().nullable(),
  devices: count,
  /** With those that were only counted. */
  messages: count,
  kept: count,
  firstMs: epochMs,
  lastMs: epochMs,
});
export type DeadLetterGroup = z.infer<typeof deadLetterGroup>;

export const deadLetterGroups = z.strictObject({
  groups: z.array(deadLetterGroup),
  /** False where older ones may be out of reach. */
  complete: z.boolean(),
});

export const deadLetter = z.strictObject({
  id: z.string(),
  receivedMs: epochMs,
  device: z.string().nullable(),
  topic: z.string(),
  reason: z.string(),
  /** With its version; null where none was tried. */
  profile: z.string().nullable(),
  /** The member of a larger message that did not fit. */
  member: z.string().nullable(),
  /** File and line where the profile says what did not fit; null where that is not known. */
  place: z.string().nullable(),
  /** As text, where it is one. */
  text: z.string().nullable(),
  hex: z.string(),
  /** Of the whole message; what is shown may be less. */
  bytes: count,
  isCut: z.boolean(),
});
export const deadLetters = z.strictObject({ messages: z.array(deadLetter), complete: z.boolean() });
export type DeadLetter = z.infer<typeof deadLetter>;

/** What trying or processing again came to. */
export const againOutcome = z.strictObject({
  read: count,
  rejected: count,
  passedOver: count,
  unusable: count,
  samples: z.array(z.strictObject({ id: z.string(), topic: z.string(), now: z.unknown() })),
  more: z.boolean(),
  complete: z.boolean(),
  /** Of what was appended; null for a try. */
  made: z.strictObject({ event: z.string(), atMs: epochMs }).nullable(),
});
export type AgainOutcome = z.infer<typeof againOutcome>;

export const discardOutcome = z.strictObject({
  discarded: count,
  /** There are more: ask again. */
  more: z.boolean(),
  complete: z.boolean(),
  /** Null where there was nothing to discard. */
  made: z.strictObject({ event: z.string(), atMs: epochMs }).nullable(),
});
export type DiscardOutcome = z.infer<typeof discardOutcome>;
