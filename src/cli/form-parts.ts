/** What several answers of commands have in them. */
import * as z from "zod";

/** Milliseconds since 1970. */
export const ms = z.number();

/** A whole number of things. */
export const count = z.number().int().min(0);

export const severity = z.enum(["critical", "warning", "info"]);

/** What a device measures, or a command takes. */
export const value = z.union([z.number(), z.boolean(), z.string()]);

export const words = z.record(z.string(), z.string());

/** What was wrong in a file: where, and what to do. */
export const fileFault = z.object({
  file: z.string(),
  line: z.number().optional(),
  column: z.number().optional(),
  severity: z.enum(["error", "warning"]),
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  path: z.array(z.union([z.string(), z.number()])),
});

/** A change of an alert, as it is stored; src/alerts says what its members are. */
export const transition = z.object({
  id: z.string(),
  episode: z.string(),
  n: count,
  instance: z.string(),
  rule: z.string(),
  state: z.enum(["firing", "ended"]),
  reason: z.string(),
  severity,
  labels: words,
  annotations: words,
  value: value.optional(),
  unit: z.string().optional(),
  started_at: z.string(),
  fired_at: z.string(),
  ended_at: z.string().nullable(),
  at: z.string(),
});

/** An event as it is stored: a CloudEvent. */
export const cloudEvent = z.looseObject({
  specversion: z.string(),
  id: z.string(),
  source: z.string(),
  type: z.string(),
  time: z.string(),
});
