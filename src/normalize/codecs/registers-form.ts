/** The form of `registers`: what is asked of a Modbus device, and how it is read. */
import * as z from "zod";
import { durationWithin } from "../../schema/bounded.ts";
import { registerOrders } from "./register-order.ts";

/** A message may be in the payload as often as the device is asked. */
const fastestMs = 50;
const slowestMs = 7 * 86_400_000;

const entryName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "a value is named by letters, digits and _");

const address = z.int().min(0).max(65_535);
const order = z.enum(registerOrders);
const table = z.enum(["coil", "discrete", "holding", "input"]);
const bit = z.int().min(0).max(63);

const valueForm = z.strictObject({
  name: entryName.describe("The key of the value."),
  at: address
    .optional()
    .describe(
      "The address that is sent, from 0; of a SunSpec model the distance from the register with its id.",
    ),
  number: z
    .union([z.int(), z.string()])
    .optional()
    .describe("In place of at: the number in manuals that count from 30001, 40001 or 400001."),
  table: table.optional().describe("Where it is not the table of the group."),
  type: z
    .string()
    .default("u16")
    .describe(
      "u16, i16, u32, i32, u48, i48, u64, i64, sm16, sm32, f32, f64, bcd(2), mod10k(4), text(8), chars(8), hex(2).",
    ),
  order: order.optional().describe("Where it is not the order of all."),
  bits: z
    .union([bit, z.tuple([bit, bit])])
    .optional()
    .describe(
      "A bit of the number as true or false, or [lowest, highest]; 0 is the lowest of all.",
    ),
  scale: z.number().optional().describe("The value is multiplied by this."),
  offset: z.number().optional().describe("Added after scaling."),
  scale_by: entryName
    .optional()
    .describe("The value of the group that says by which power of ten this one is multiplied."),
  times: z
    .union([entryName, z.array(entryName).min(1).max(4)])
    .optional()
    .describe(
      "Values of the group that this one is multiplied by, such as ratios of transformers.",
    ),
  none: z
    .array(z.union([z.number(), z.string()]))
    .max(16)
    .optional()
    .describe("What the registers hold where there is no value: [0x8000]."),
});

const groupForm = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,31}$/, "a group is named by small letters, digits, - and _")
    .optional()
    .describe("For people; its place in the list where nothing is written."),
  every: z
    .string()
    .transform(durationWithin(fastestMs, slowestMs))
    .describe("How often it is asked for (50ms to 7d; ms once parsed)."),
  table: table.default("holding").describe("The table that its values are in."),
  model: z
    .union([z.int().min(1).max(65_534), z.array(z.int().min(1).max(65_534)).min(1).max(16)])
    .optional()
    .describe("SunSpec: the model that the values are in, of several the first that is there."),
  nth: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe(
      "SunSpec: 2 is the second of such models that the device has, such as its second meter.",
    ),
  values: z.array(valueForm).min(1).max(256),
});

/** `registers` of a profile. */
export const registersForm = z.strictObject({
  order: order
    .default("ABCD")
    .describe("How the bytes of a value lie in its registers, the highest byte being A."),
  max_gap: z
    .int()
    .min(0)
    .max(124)
    .default(0)
    .describe("So many registers that nobody asked for may be read along to save a request."),
  max_read: z
    .int()
    .min(1)
    .max(125)
    .default(125)
    .describe("So many registers are read at once; some devices take fewer than 125."),
  markers: z
    .array(address)
    .min(1)
    .max(8)
    .default([40_000, 50_000, 0])
    .describe("SunSpec: where the marker in front of the models may stand."),
  groups: z.array(groupForm).min(1).max(32),
});

export type RegistersForm = z.output<typeof registersForm>;
export type GroupForm = RegistersForm["groups"][number];
export type ValueForm = z.output<typeof valueForm>;
