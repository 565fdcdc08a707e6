/** The form of an example in a profile file. */
import * as z from "zod";
import { scalar, text } from "./form-parts.ts";

const expectation = z.strictObject({
  device: text.optional(),
  time: text.optional(),
  clock: z.enum(["device", "gateway", "unsynced"]).optional(),
  counter: z.number().optional(),
  metrics: z
    .record(
      z.string(),
      z.union([
        scalar,
        z.strictObject({
          value: scalar,
          unit: text.optional(),
          quality: z.enum(["good", "uncertain", "bad"]).default("good"),
        }),
      ]),
    )
    .optional(),
  status: z.enum(["online", "offline"]).optional(),
  rejection: text.optional(),
  passed_over: z.enum(["ignored", "repeat", "cleared"]).optional(),
});

/** One entry of `examples`. */
export const exampleForm = z.strictObject({
  about: text.optional().describe("What the example shows."),
  topic: text,
  payload: z
    .unknown()
    .optional()
    .describe("A text as it is sent, or a value that is sent as JSON."),
  payload_hex: text.optional().describe("In place of payload: the bytes that are sent."),
  received: text.default("2030-01-01T00:00:00Z"),
  will: z.boolean().default(false),
  expect: z
    .union([expectation, z.array(expectation).min(1).max(64)])
    .describe("What becomes of it; of several events each, in their order."),
});

/** One event, as an example expects it. */
export type ExpectationForm = z.output<typeof expectation>;
