/** The form of the files in `real-messages`: what devices said, and what is right to store of it. */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";

const scalar = z.union([z.number(), z.string(), z.boolean()]);

const expectedEvent = z.strictObject({
  device: z.string().optional(),
  time: z.string().optional(),
  clock: z.enum(["device", "gateway"]).optional(),
  alarm: z.literal(true).optional(),
  extensions: z.record(z.string(), scalar).optional(),
  /** All that was measured; with `some`, there may be more. */
  metrics: z
    .record(
      z.string(),
      z.union([
        scalar,
        z.strictObject({
          value: scalar,
          unit: z.string().optional(),
          quality: z.enum(["good", "uncertain", "bad"]).default("good"),
        }),
      ]),
    )
    .optional(),
  some: z.literal(true).optional(),
  status: z.enum(["online", "offline"]).optional(),
  rejection: z.string().optional(),
});

const gives = z.union([
  z.strictObject({ passed: z.string() }),
  /** Passed over or a sign of life, but neither a measurement nor a rejection. */
  z.strictObject({ noValue: z.literal(true) }),
  expectedEvent,
  z.array(expectedEvent).min(1),
]);

const conversation = z.strictObject({
  about: z.string(),
  /** `generic` where the site accepts devices that nobody described. */
  site: z.literal("generic").optional(),
  /** A profile of the site's own, as a file. */
  profile: z.string().optional(),
  /** Entries of `devices` in the configuration. */
  devices: z.array(z.record(z.string(), z.unknown())).optional(),
  says: z
    .array(
      z.strictObject({
        topic: z.string(),
        payload: z.unknown().optional(),
        hex: z.string().optional(),
        /** A broker had kept it. */
        kept: z.literal(true).optional(),
        /** Another broker passes it on, and may do so once more at its next connection. */
        relay: z.enum(["live", "either"]).optional(),
        gives,
      }),
    )
    .min(1),
  /** Why it is not right yet. */
  notYet: z.string().optional(),
});

export type Conversation = z.output<typeof conversation>;
export type ExpectedEvent = z.output<typeof expectedEvent>;
export type Saying = Conversation["says"][number];

const folder = new URL("real-messages/", import.meta.url);

/** The names of the files. */
export const families: readonly string[] = readdirSync(folder).sort();

export function readConversations(family: string): readonly Conversation[] {
  return z.array(conversation).parse(parse(readFileSync(new URL(family, folder), "utf8")));
}

/** The bytes that were sent. */
export function bytesOf({ payload, hex }: Saying): Uint8Array {
  if (hex !== undefined) return Buffer.from(hex, "hex");
  return Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload));
}
