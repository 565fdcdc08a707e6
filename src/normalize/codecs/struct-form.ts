/** The form of `fields`: a layout of bytes as profiles write it. */
import * as z from "zod";
import { type Checksum, checksums } from "../../core/checksums.ts";

/** One entry of `fields`. */
export interface StructField {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly at?: number | undefined;
  readonly scale?: number | undefined;
  readonly offset?: number | undefined;
  readonly none?: readonly number[] | undefined;
  readonly check?: Checksum | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly if?: string | undefined;
  readonly bit?: number | undefined;
  readonly repeat?: number | string | undefined;
  readonly fields?: readonly StructField[] | undefined;
  readonly switch?: string | undefined;
  readonly cases?: Readonly<Record<string, readonly StructField[]>> | undefined;
  readonly else?: readonly StructField[] | undefined;
}

const fieldName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "a field is named by letters, digits and _");

const field: z.ZodType<StructField> = z.lazy(() =>
  z.strictObject({
    name: fieldName.optional().describe("The key of the value."),
    type: z
      .string()
      .optional()
      .describe("u8, i16be, f32le, bits(3), bcd(4), text(8), skip(2), ..."),
    at: z.int().optional().describe("Its byte, from 0; a negative one counts from the end."),
    scale: z.number().optional().describe("The value is multiplied by this."),
    offset: z.number().optional().describe("Added after scaling."),
    none: z.array(z.number()).optional().describe("Values in the bytes that are no value."),
    check: z.enum(checksums).optional().describe("The field holds this checksum."),
    from: z.int().optional().describe("First byte that the checksum is of."),
    to: z.int().optional().describe("The byte behind the last one; negative from the end."),
    if: z.string().optional().describe("The field whose bit decides whether fields come next."),
    bit: z.int().min(0).max(31).optional().describe("Which one; 0 is the lowest."),
    repeat: z
      .union([z.int().min(1).max(1_024), z.string()])
      .optional()
      .describe("How often; a field that says it, or end."),
    fields: z
      .array(field)
      .min(1)
      .max(64)
      .optional()
      .describe("What is repeated, or comes if the bit is set."),
    switch: z.string().optional().describe("The field that decides what comes next."),
    cases: z.record(z.string(), z.array(field).max(64)).optional().describe("By its value."),
    else: z
      .array(field)
      .max(64)
      .optional()
      .describe("Where no case has its value, or the bit is not set."),
  }),
);

/** `fields` of a profile. */
export const structForm = z.array(field).min(1).max(256);
