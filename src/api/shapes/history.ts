/** One quantity of one device over time. */
import * as z from "zod";
import { durationMs, epochMs, severity } from "./parts.ts";

const column = z.array(z.number().nullable());

export const history = z.strictObject({
  device: z.string(),
  metric: z.string(),
  unit: z.string().nullable(),
  fromMs: epochMs,
  toMs: epochMs,
  /** Where it was read. */
  source: z.enum(["database", "streams", "buffer"]),
  /** The source goes back to there; null where it is not known. */
  reachesBackToMs: epochMs.nullable(),
  /** Each point is of so much time; 0: each is one value. */
  stepMs: durationMs,
  /** Columns of one length, by time of the event. A row of nulls is a gap: no line crosses it. */
  atMs: z.array(epochMs),
  min: column,
  mean: column,
  max: column,
  /** Values that came late, already in the columns, too. */
  late: z.array(z.strictObject({ atMs: epochMs, receivedMs: epochMs, value: z.number() })),
  /** Other than numbers: what it was from when. */
  texts: z.array(z.strictObject({ atMs: epochMs, value: z.string() })),
  /** Limits of the rules that judge it. */
  limits: z.array(
    z.strictObject({ rule: z.string(), severity, op: z.string(), value: z.number() }),
  ),
  episodes: z.array(
    z.strictObject({
      instance: z.string(),
      rule: z.string(),
      severity,
      startedMs: epochMs,
      firedMs: epochMs.nullable(),
      endedMs: epochMs.nullable(),
    }),
  ),
  /** What is left out and why, in words; empty where nothing is. */
  notes: z.array(z.string()),
});
export type History = z.infer<typeof history>;
