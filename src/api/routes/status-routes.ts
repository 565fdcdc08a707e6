/** How all is now, and how it was in the last hours. */
import * as z from "zod";
import { nothing, type Route, route } from "../route.ts";
import { type StatusRow, type StatusSamples, statusRow, statusSamples } from "../shapes/status.ts";

/** Who knows how it is. */
export interface StatusDesk {
  now(): StatusRow;
  /** Of the last so many milliseconds, as far as this process has seen them. */
  samples(rangeMs: number): StatusSamples;
}

const minuteMs = 60_000;
/** What the charts show, by what is written in the address. */
const ranges = {
  "15m": 15 * minuteMs,
  "1h": 60 * minuteMs,
  "6h": 360 * minuteMs,
  "24h": 1_440 * minuteMs,
} as const;

const sampleRange = z.strictObject({ range: z.enum(["15m", "1h", "6h", "24h"]).default("15m") });

export function statusRoutes(desk: StatusDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/status", needs: "viewer" },
      summary: "How the process, its link, its buffer and its devices are now.",
      ...{ params: nothing, query: nothing, body: nothing, answer: statusRow },
      serve: async () => desk.now(),
    }),
    route({
      ...{ method: "get", path: "/status/samples", needs: "viewer" },
      summary: "What came in, went out and waited over time.",
      ...{ params: nothing, query: sampleRange, body: nothing, answer: statusSamples },
      serve: async ({ query }) => desk.samples(ranges[query.range]),
    }),
  ];
}
