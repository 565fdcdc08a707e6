/** The form of what commands print about what was: events, states, history, and what is carried on. */
import * as z from "zod";
import { deviceEvent } from "../api/shapes/device.ts";
import { way } from "../api/shapes/way.ts";
import { alert } from "./alerts-forms.ts";
import { cloudEvent, count, ms, value } from "./form-parts.ts";

/** What was said, and where it stands. */
const stored = z.object({ timeMs: ms, receivedMs: ms, streamSeq: count, id: z.string() });

export const pastForms = {
  "event/1": z.object({
    stream: z.string(),
    streamSeq: count,
    natsSubject: z.string(),
    stored: z.string(),
    event: cloudEvent,
  }),
  /** A line of `events -o ndjson` of a gateway or hub elsewhere: an event of its API. */
  "remote-event/1": z.object({
    site: z.string(),
    gateway: z.string(),
    device: z.string(),
    ...deviceEvent.shape,
  }),
  "way/1": z.object(way.shape),
  /** Of a device, or of an alert: which, tells what there is. */
  "state/1": z.object({
    at: z.string(),
    asKnown: z.boolean(),
    site: z.string().optional(),
    gateway: z.string().optional(),
    device: z.string().optional(),
    profile: z.string().nullish(),
    record: z.looseObject({}).nullish(),
    status: stored.extend({ state: z.string() }).nullish(),
    values: z.array(stored.extend({ name: z.string(), value })).optional(),
    alerts: z.array(alert).optional(),
    cameLater: count.optional(),
    leftOut: count.optional(),
    alert: alert.nullish(),
    instance: z.string().optional(),
  }),
  "history-rebuilt/1": z.object({
    streams: z.array(z.object({ stream: z.string(), messages: count, points: count })),
    written: z.number(),
    refused: count,
  }),
  "history-check/1": z.object({
    alike: count,
    devices: count,
    differing: z.array(z.string()),
    outside: count,
  }),
  "refused-points/1": z.object({
    points: z.array(z.object({ at: z.string(), line: z.string(), reason: z.string() })),
  }),
  "points-retried/1": z.object({
    stored: count,
    left: z.array(z.object({ line: z.string(), reason: z.string() })),
  }),
  "bridge/1": z.object({
    targets: z.array(
      z.object({
        target: z.string(),
        kind: z.string(),
        behind: count,
        refused: count,
        skipped: count,
        missed: count,
      }),
    ),
  }),
  "bridge-aside/1": z.object({
    aside: z.array(
      z.object({
        at: z.string(),
        target: z.string(),
        kind: z.string(),
        id: z.string(),
        stream: z.string(),
        streamSeq: count.optional(),
        events: count,
        reason: z.string(),
      }),
    ),
  }),
  "bridge-skip/1": z.object({ target: z.string(), id: z.string() }),
};
