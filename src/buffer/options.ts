/** What the configuration may say about the buffer on disk. */
import * as z from "zod";
import { durationWithin, sizeWithin } from "../schema/bounded.ts";
import { secretReference } from "../schema/secret-reference.ts";

/** Text such as `64MiB`, or a number of bytes. */
const size = z.union([z.string(), z.number()]);

const kib = 2 ** 10;
const mib = 2 ** 20;
const gib = 2 ** 30;

/** A segment grows no larger than this by itself: it is the unit of dropping and of damage. */
const largestDefaultSegmentBytes = 64 * mib;

const holdBackOptions = z
  .strictObject({
    time: z
      .string()
      .transform(durationWithin(0, 7 * 86_400_000))
      .prefault("10m")
      .describe(
        "How long a confirmed record stays on disk for sending again, since a backbone that confirmed may still lose it (0s to 7d; ms once parsed).",
      ),
    max_bytes: size
      .transform(sizeWithin(0, 1024 * gib))
      .prefault("256MiB")
      .describe(
        "Confirmed records above this size are given up before their time, oldest first (0 to 1TiB; bytes once parsed).",
      ),
  })
  .describe("How long confirmed records are kept for sending again.");

/** More former keys than anybody rotates through before what they encrypted is gone. */
const mostFormerKeys = 16;

const encryptionOptions = z
  .strictObject({
    key: secretReference
      .optional()
      .describe(
        "Where the key is that new records are encrypted with: 32 random bytes as 64 hex digits or in base64. Without it they are written as they are, and what is encrypted stays readable with its former key.",
      ),
    former_keys: z
      .array(secretReference)
      .max(mostFormerKeys)
      .default([])
      .describe(
        "Where earlier keys are, as long as `sluicegate buffer show` says that something needs them.",
      ),
  })
  .refine(({ former_keys, key }) => key !== undefined || former_keys.length > 0, {
    message: "name a key, or the former keys of what is encrypted already",
  })
  .describe(
    "Encrypts what devices sent, on disk (AES-256-GCM). Keep a copy of the key elsewhere: without it nobody reads the buffer again.",
  );

/** `buffer`: the durable log between the devices and the backbone. */
export const bufferOptions = z
  .strictObject({
    max_bytes: size
      .transform(sizeWithin(mib, 1024 * gib))
      .prefault("2GiB")
      .describe("Most bytes the buffer takes on disk (1MiB to 1TiB; bytes once parsed)."),
    segment_bytes: size
      .transform(sizeWithin(64 * kib, gib))
      .optional()
      .describe(
        "Size at which a new segment file is begun; without it an eighth of max_bytes, at most 64MiB (64KiB to 1GiB, never above an eighth of max_bytes; bytes once parsed).",
      ),
    min_free: size
      .transform(sizeWithin(0, 1024 * gib))
      .prefault("64MiB")
      .describe("Free space that is always left on the volume (0 to 1TiB; bytes once parsed)."),
    on_full: z
      .enum(["drop_oldest", "refuse"])
      .default("drop_oldest")
      .describe(
        "When the buffer is full: give up the oldest records and declare them lost, or acknowledge nothing more.",
      ),
    hold_back: holdBackOptions.prefault({}),
    commit_delay: z
      .string()
      .transform(durationWithin(0, 1_000))
      .prefault("0ms")
      .describe(
        "How long a record waits for others to share its disk sync; 20ms to 100ms spares memory cards. With 0ms it waits only while each look at the sockets brings more, 1ms at most (0ms to 1s; ms once parsed).",
      ),
    commit_max_bytes: size
      .transform(sizeWithin(4 * kib, 16 * mib))
      .prefault("1MiB")
      .describe("Most bytes that share one disk sync (4KiB to 16MiB; bytes once parsed)."),
    encryption: encryptionOptions.optional(),
  })
  .describe("The durable buffer on disk.");

/** The parsed `buffer` section. */
export type BufferOptions = z.output<typeof bufferOptions>;

/** Size at which a segment is sealed and the next one begun. */
export function segmentBytesOf(options: BufferOptions): number {
  const eighth = Math.floor(options.max_bytes / 8);
  return Math.min(options.segment_bytes ?? largestDefaultSegmentBytes, eighth);
}
