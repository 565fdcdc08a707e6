/** What the configuration may say about frames. */
import * as z from "zod";
import { checksums } from "../../core/checksums.ts";
import { usualSize } from "./framers/check.ts";

/** Bytes as a text, or as hexadecimal digits. */
export const someBytes = z
  .union([
    z.string().min(1).max(64),
    z.strictObject({
      hex: z
        .string()
        .regex(
          /^\s*(?:[0-9a-fA-F]{2}\s*){1,64}$/,
          'is two hexadecimal digits for each byte, such as "42 4d"',
        ),
    }),
  ])
  .transform((bytes) =>
    typeof bytes === "string"
      ? Buffer.from(bytes)
      : Buffer.from(bytes.hex.replace(/\s/g, ""), "hex"),
  );

const start = someBytes.describe("The bytes that each frame begins with.");
const noBytes = (): Buffer => Buffer.alloc(0);
const end = someBytes
  .optional()
  .transform((bytes) => bytes ?? noBytes())
  .describe("The bytes that each frame ends with; checksum.behind counts them.");
const place = z.number().int().min(0).max(256);
const order = z.enum(["big", "little"]).default("big");

const lengthField = z.strictObject({
  at: place.describe("How many bytes stand in front of the length."),
  type: z.enum(["u8", "u16", "u32"]).default("u8").describe("How it is written."),
  order: order.describe("Which of its bytes comes first."),
  add: z
    .number()
    .int()
    .min(-256)
    .max(256)
    .describe("What it says and this together are the whole frame, its first byte to its last."),
});
const fixedLength = z.number().int().min(1).max(65_536);

const layouts = {
  lines: z.strictObject({
    kind: z.literal("lines"),
    write: z
      .enum(["\r\n", "\n", "\r"])
      .default("\r\n")
      .describe("What is written behind a line; CR, LF and both end one that is read."),
  }),
  delimiter: z.strictObject({
    kind: z.literal("delimiter"),
    end: someBytes.describe("The bytes behind each frame."),
  }),
  fixed: z.strictObject({
    kind: z.literal("fixed"),
    length: fixedLength.describe("Of the whole frame, in bytes."),
    start: start.optional().transform((bytes) => bytes ?? noBytes()),
    end,
  }),
  lengthPrefix: z.strictObject({
    kind: z.literal("length-prefix"),
    length: lengthField.describe("Where the frame says how long it is."),
    start: start.optional().transform((bytes) => bytes ?? noBytes()),
    end,
  }),
  headerChecksum: z.strictObject({
    kind: z.literal("header-checksum"),
    start,
    length: z
      .union([fixedLength, lengthField])
      .describe("Of the whole frame, or where it says so."),
    end,
  }),
  idleGap: z.strictObject({
    kind: z.literal("idle-gap"),
    gap_ms: z.number().int().min(2).max(60_000).describe("Silence that ends a frame, in ms."),
  }),
  telegram: z.strictObject({
    kind: z.literal("telegram"),
    start: start.optional().transform((bytes) => bytes ?? noBytes()),
    end: someBytes.describe("The bytes that each telegram ends with."),
    tail: z
      .union([z.literal("line"), z.number().int().min(0).max(64)])
      .default("line")
      .describe("What belongs to it behind `end`: the rest of that line, or so many bytes."),
  }),
  slip: z.strictObject({ kind: z.literal("slip") }),
  cobs: z.strictObject({ kind: z.literal("cobs") }),
  sml: z.strictObject({ kind: z.literal("sml") }),
};

/** `framing`: how frames are told apart. */
export const framingOptions = z
  .union([
    z
      .enum(["lines", "slip", "cobs", "sml"])
      .transform((kind) => (kind === "lines" ? { kind, write: "\r\n" as const } : { kind })),
    z.discriminatedUnion("kind", [
      layouts.lines,
      layouts.delimiter,
      layouts.fixed,
      layouts.lengthPrefix,
      layouts.headerChecksum,
      layouts.idleGap,
      layouts.telegram,
      layouts.slip,
      layouts.cobs,
      layouts.sml,
    ]),
  ])
  .describe("How frames are told apart: lines, slip, cobs, sml, or a kind with its fields.");

/** How frames are told apart, filled in. */
export type FramingOptions = z.output<typeof framingOptions>;

const size = z.literal([1, 2, 4]);

/** `checksum`: what a frame must fit. */
export const checksumOptions = z
  .strictObject({
    kind: z.enum(checksums).describe("Which checksum it is."),
    size: size.optional().describe("Its bytes; of a crc16 2, of crc32 4, else 1."),
    written: z
      .enum(["bytes", "hex"])
      .default("bytes")
      .describe("As bytes, or as hexadecimal digits."),
    order: order.describe("Which of its bytes comes first."),
    from: place.default(0).describe("Bytes in front that it does not cover."),
    gap: place.default(0).describe("Bytes between what it covers and itself."),
    behind: place.default(0).describe("Bytes of the frame behind it."),
    keep: z
      .boolean()
      .default(true)
      .describe("False hands frames over without it, without its gap and what is behind it."),
  })
  .transform((layout) => ({ ...layout, size: layout.size ?? usualSize(layout.kind) }));

/** What a frame must fit, filled in. */
export type ChecksumOptions = z.output<typeof checksumOptions>;
