/** Alerts: a row each, the page of one, and how alarms do as a whole. */
import * as z from "zod";
import { count, durationMs, epochMs, said, severity } from "./parts.ts";

export const displayState = z.enum([
  "out-of-service",
  "shelved",
  "suppressed",
  "unacknowledged",
  "acknowledged",
  "latched",
  "returned-unacknowledged",
  "normal",
]);

export const alertRow = z.strictObject({
  /** Its place in paths. */
  instance: z.string(),
  site: z.string(),
  gateway: z.string().nullable(),
  device: z.string().nullable(),
  /** Of the page of the device; null where it has none. */
  deviceKey: z.string().nullable(),
  rule: z.string(),
  severity,
  state: displayState,
  isFiring: z.boolean(),
  summary: z.string(),
  /** `-11.4 °C`, as far as it is known. */
  value: z.string().nullable(),
  /** `> -15 °C`. */
  limit: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  /** When the condition began, by the time of events. */
  startedMs: epochMs,
  firedMs: epochMs.nullable(),
  endedMs: epochMs.nullable(),
  /** When it became known here. */
  learnedMs: epochMs,
  /** It was learned much later than it was: behind an outage. */
  isLate: z.boolean(),
  /** It fires because data is missing, or on data that is old. */
  isStale: z.boolean(),
  ackRequired: z.boolean(),
  isFlapping: z.boolean(),
  acked: said.nullable(),
  shelf: said.extend({ untilMs: epochMs, once: z.boolean() }).nullable(),
  outOfService: said.nullable(),
  suppressedBy: z.strictObject({ instance: z.string(), rule: z.string() }).nullable(),
  /** Where it is judged. */
  judgedAt: z.enum(["hub", "gateway"]),
});
export type AlertRow = z.infer<typeof alertRow>;

/** Which alerts: those that ask for somebody, those of one state, all that are not normal, or what is over. */
export const alertListName = z.enum([
  "active",
  "all",
  "history",
  ...displayState.exclude(["normal"]).options,
]);
export type AlertListName = z.infer<typeof alertListName>;

export const alertList = z.strictObject({
  alerts: z.array(alertRow),
  /** Of all sites, by state; those without any are left out. */
  counts: z.partialRecord(displayState, count),
  total: count,
  more: z.boolean(),
});
export type AlertList = z.infer<typeof alertList>;

export const alertChapter = z.strictObject({
  atMs: epochMs,
  /** `pending`, `firing`, `ended`, or what a person did: `ack`, `shelve`. */
  what: z.string(),
  /** In words: value, reason, until when. */
  text: z.string(),
  by: z.string().nullable(),
  episode: z.string().nullable(),
  learnedMs: epochMs.nullable(),
});

export const alertDelivery = z.strictObject({
  receiver: z.string(),
  outcome: z.enum(["delivered", "retrying", "given-up", "waiting"]),
  atMs: epochMs,
  attempts: count,
  text: z.string(),
});

export const alertPage = z.strictObject({
  row: alertRow,
  /** The latest first. */
  story: z.array(alertChapter),
  deliveries: z.array(alertDelivery),
  rule: z
    .strictObject({ file: z.string().nullable(), line: z.number().nullable(), text: z.string() })
    .nullable(),
  annotations: z.record(z.string(), z.string()),
  /** What to do about it, for people: the page that its rule names. */
  runbookUrl: z.string().nullable(),
  /** How the condition is now and which timers run, a line each; empty where nobody here knows. */
  explain: z.array(z.string()),
  /** What to draw around it. */
  chart: z
    .strictObject({
      deviceKey: z.string(),
      metric: z.string(),
      fromMs: epochMs,
      toMs: epochMs,
    })
    .nullable(),
  /** What may be done now; the others would be refused. */
  verbs: z.array(z.string()),
});
export type AlertPage = z.infer<typeof alertPage>;

export const alertFigures = z.strictObject({
  fromMs: epochMs,
  toMs: epochMs,
  alerts: count,
  per10Min: z.number(),
  /** Share of time with more than ten in ten minutes, 0 to 1. */
  floodShare: z.number(),
  top: z.array(z.strictObject({ rule: z.string(), count, share: z.number() })),
  flapping: count,
  standing: count,
  meanAckMs: durationMs.nullable(),
});
export type AlertFigures = z.infer<typeof alertFigures>;
