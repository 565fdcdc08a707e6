/** The form of one entry of `commands`. */
import * as z from "zod";
import { maxValidityMs } from "../../core/command-codec.ts";
import { isUnit } from "../../core/unit.ts";
import { durationWithin } from "../../schema/bounded.ts";
import { registerOrders } from "../codecs/register-order.ts";
import { codecNamed, codecs } from "../codecs.ts";
import { oneOrMore, scalar, text } from "./form-parts.ts";

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, "a name has small letters, digits and _, a letter first");

const shared = { about: text.max(200).optional().describe("What it means, for people.") };

const paramForm = z.discriminatedUnion("type", [
  z.strictObject({
    ...shared,
    type: z.literal("number"),
    unit: z
      .string()
      .refine(isUnit, "this is no SenML unit, such as Cel, %RH, hPa, W, s")
      .optional(),
    range: z.tuple([z.number(), z.number()]).optional().describe("Both ends included."),
    step: z.number().positive().optional().describe("Only multiples of it are taken."),
    default: z.number().optional(),
  }),
  z.strictObject({ ...shared, type: z.literal("boolean"), default: z.boolean().optional() }),
  z.strictObject({
    ...shared,
    type: z.literal("text"),
    values: z.array(text).min(1).max(256).optional().describe("All there is."),
    default: z.string().optional(),
  }),
]);

const payload = z
  .unknown()
  .optional()
  .describe("A text, or a value that is sent as JSON; {words} in texts are filled in.");

const writeForm = z.strictObject({
  table: z.enum(["coil", "holding"]).default("holding"),
  at: z.int().min(0).max(65_535).describe("The address that is sent, from 0."),
  type: text.default("u16").describe("As in registers; of a coil it counts for nothing."),
  order: z.enum(registerOrders).optional(),
  scale: z.number().optional().describe("As in registers: what is written is divided by it."),
  offset: z.number().optional(),
  value: scalar.describe("What is written; {words} are filled in."),
  many: z
    .boolean()
    .default(false)
    .describe("The device takes functions 15 and 16 only, for one value, too."),
});

const replyForm = z.strictObject({
  topic: oneOrMore
    .optional()
    .describe("Where answers come in over MQTT, with {words}; unknown ones are read there."),
  codec: z
    .enum(codecs.map((codec) => codec.name))
    .transform(codecNamed)
    .optional()
    .describe("How answers are read, where it is not the codec of the profile."),
  when: text
    .optional()
    .describe("CEL: it is the answer. Words of the topic, parameters and id are topic.word."),
  refused: text.optional().describe("CEL: it is the answer, and it is no."),
  id: text.optional().describe("Where the answer repeats the id of the command."),
  text: text.optional().describe("What people are shown of it."),
});

const answerForm = z.strictObject({
  topic: text.optional(),
  payload: z.unknown().describe("A text as it is sent, or a value that is sent as JSON."),
  state: z.enum(["acknowledged", "refused", "none"]).describe("none: it is no answer."),
  text: text.optional(),
});

const exampleForm = z.strictObject({
  about: text.optional(),
  device: text.default("example").describe("What the topic calls the device, or its id."),
  params: z.record(z.string(), scalar).default({}),
  id: text.default("c-1"),
  topic: text.optional(),
  payload: z
    .unknown()
    .optional()
    .describe("A text as it is sent, or a value that is sent as JSON."),
  hex: text.optional().describe("The frame, or a payload that is no text."),
  registers: z.array(z.int().min(0).max(65_535)).optional(),
  problem: text.optional().describe("A part of what is said where it cannot be sent."),
  answers: z.array(answerForm).max(8).default([]),
});

export const commandForm = z.strictObject({
  name,
  about: text.max(400),
  params: z.record(name, paramForm).default({}),
  danger: z.boolean().default(false).describe("Who issues it is asked whether that is meant."),
  topic: text.optional().describe("MQTT: where it is published; {device} and words of the topic."),
  payload,
  qos: z.union([z.literal(0), z.literal(1)]).default(1),
  retain: z.boolean().default(false),
  frame: z
    .union([z.strictObject({ text }), z.strictObject({ hex: text })])
    .optional()
    .describe("A line: what goes into one frame; {word:u16be} between hex."),
  write: writeForm.optional().describe("Modbus: which registers are written."),
  reply: replyForm.optional(),
  timeout: z
    .string()
    .default("10s")
    .transform(durationWithin(100, 86_400_000))
    .describe("So long an answer is waited for."),
  tries: z.int().min(1).max(10).default(1).describe("So often it is sent where none comes."),
  repeatable: z
    .boolean()
    .default(false)
    .describe("The device takes it twice without harm, or knows it by its id."),
  expires: z
    .string()
    .default("5m")
    .transform(durationWithin(1_000, maxValidityMs))
    .describe("So long it is valid where nobody says otherwise."),
  examples: z.array(exampleForm).min(1).max(32),
});

/** One entry of `commands`, before it is taken apart. */
export type CommandForm = z.output<typeof commandForm>;
