/** What several answers share. */
import * as z from "zod";

/** A moment: milliseconds since 1970, UTC. */
export const epochMs = z.number();

/** A length of time. */
export const durationMs = z.number();

/** A whole number of things, from 0. */
export const count = z.number().int().min(0);

export const severity = z.enum(["critical", "warning", "info"]);

/** How a value can be trusted. */
export const quality = z.enum(["good", "uncertain", "bad"]);

/** What a write made: where to look for what became of it. */
export const eventMade = z.strictObject({
  /** Id of the event that was appended. */
  event: z.string(),
  atMs: epochMs,
});
export type EventMade = z.infer<typeof eventMade>;

/** Who said something, when, and why. */
export const said = z.strictObject({
  by: z.string(),
  atMs: epochMs,
  reason: z.string().nullable(),
});
export type Said = z.infer<typeof said>;
