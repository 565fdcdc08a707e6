/** What flows, as it flows. */
import * as z from "zod";
import { count, epochMs } from "./parts.ts";

export const liveStage = z.enum(["received", "normalized", "sent", "late", "rejected"]);
export type LiveStage = z.infer<typeof liveStage>;

/** One row of a topic `live:…`; its key is a number that rises. */
export const liveRow = z.strictObject({
  atMs: epochMs,
  device: z.string().nullable(),
  deviceKey: z.string().nullable(),
  kind: z.string().nullable(),
  timeMs: epochMs.nullable(),
  /** Id of the event, once it has one. */
  event: z.string().nullable(),
  /** `temperature -11.4 °C good`; topic and payload of what was received; the reason of a rejection. */
  text: z.string(),
  /** All of it. */
  json: z.unknown(),
});
export type LiveRow = z.infer<typeof liveRow>;

/** The row `counts` of a topic `live:…`. */
export const liveCounts = z.strictObject({
  shownPerS: z.number(),
  seenPerS: z.number(),
  seen: count,
  shown: count,
  isSampled: z.boolean(),
  /** What is wrong with the filter; then nothing is shown. */
  fault: z.string().nullable(),
});
export type LiveCounts = z.infer<typeof liveCounts>;
