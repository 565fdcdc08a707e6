/** Devices: a row each, and the page of one. */
import * as z from "zod";
import { count, durationMs, epochMs, eventMade, quality } from "./parts.ts";

const value = z.union([z.number(), z.boolean(), z.string()]);

export const deviceValue = z.strictObject({
  name: z.string(),
  value,
  unit: z.string().nullable(),
  quality,
  /** When it was so. */
  timeMs: epochMs,
  receivedMs: epochMs,
});
export type DeviceValue = z.infer<typeof deviceValue>;

export const deviceState = z.enum(["ok", "silent", "clock-suspect", "bad-quality", "never"]);
export type DeviceStateWord = z.infer<typeof deviceState>;

export const deviceRow = z.strictObject({
  /** `<site>.<gateway>.<device>`, each as in subjects: its place in paths. */
  key: z.string(),
  site: z.string(),
  gateway: z.string(),
  device: z.string(),
  state: deviceState,
  profile: z.string().nullable(),
  family: z.string().nullable(),
  configured: z.boolean(),
  /** How often it is expected to report, and how often it did of late. */
  intervalMs: durationMs.nullable(),
  everyMs: durationMs.nullable(),
  /** The last sign of life. */
  lastMs: epochMs.nullable(),
  /** When a value became another. */
  changedMs: epochMs.nullable(),
  /** `online`, `offline` or `unknown`, where that was ever said. */
  link: z.string().nullable(),
  /** The first few; the page of the device has all. */
  values: z.array(deviceValue),
  /** Alerts that fire, by severity. */
  alerts: z.strictObject({ critical: count, warning: count, info: count }),
  events: count,
  rejected: count,
  repeats: count,
});
export type DeviceRow = z.infer<typeof deviceRow>;

export const deviceList = z.strictObject({
  devices: z.array(deviceRow),
  total: count,
  /** Ask again with `after` = the key of the last. */
  more: z.boolean(),
});

export const commandParam = z.strictObject({
  name: z.string(),
  about: z.string().nullable(),
  kind: z.enum(["number", "boolean", "text", "choice"]),
  unit: z.string().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Only multiples of it. */
  step: z.number().nullable(),
  choices: z.array(z.string()),
  /** Where it is left out; null: it must be given. */
  fallback: value.nullable(),
});

export const declaredCommand = z.strictObject({
  name: z.string(),
  summary: z.string().nullable(),
  /** Who sends it writes the name of the device. */
  dangerous: z.boolean(),
  timeoutMs: durationMs.nullable(),
  params: z.array(commandParam),
});
export type DeclaredCommand = z.infer<typeof declaredCommand>;

export const devicePage = z.strictObject({
  row: deviceRow,
  firstMs: epochMs.nullable(),
  topic: z.string().nullable(),
  /** Why its link is as it is. */
  cause: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  attrs: z.record(z.string(), z.string()),
  values: z.array(deviceValue),
  misfits: z.array(z.strictObject({ reason: z.string(), count, lastMs: epochMs })),
  /** Paths of its messages that its profile does not read. */
  unread: z.array(z.strictObject({ path: z.string(), sample: z.string(), count })),
  /** What it says of itself, as text; null where it does not. */
  description: z.string().nullable(),
  commands: z.array(declaredCommand),
  /** What is not known here, in words; empty where all is. */
  notKnown: z.array(z.string()),
});
export type DevicePage = z.infer<typeof devicePage>;

export const deviceEvent = z.strictObject({
  id: z.string(),
  kind: z.string(),
  timeMs: epochMs,
  receivedMs: epochMs,
  late: z.boolean(),
  /** The body as it is stored. */
  data: z.unknown(),
  /** The message it was read from, where that was kept. */
  raw: z.strictObject({ topic: z.string(), text: z.string() }).nullable(),
});
export const deviceEvents = z.strictObject({ events: z.array(deviceEvent), more: z.boolean() });
export type DeviceEvent = z.infer<typeof deviceEvent>;

/** What nobody reads yet: topics without a profile, and paths that profiles pass over. */
export const unknownTopic = z.strictObject({
  topic: z.string(),
  count,
  lastMs: epochMs,
  sample: z.string(),
  /** A profile that reads most of it. */
  suggested: z.string().nullable(),
  /** A profile made of its messages, in YAML. */
  draft: z.string().nullable(),
});
export const unreadPath = z.strictObject({
  profile: z.string(),
  path: z.string(),
  sample: z.string(),
  count,
});
export const unreadPage = z.strictObject({
  topics: z.array(unknownTopic),
  paths: z.array(unreadPath),
});
export type UnreadPage = z.infer<typeof unreadPage>;

/** What makes a topic known: as it would be written, or as it was. */
export const acceptance = z.strictObject({
  /** The profile that reads the topic then. */
  profile: z.string(),
  /** Files, each with what is put into it. */
  writes: z.array(z.strictObject({ file: z.string(), text: z.string() })),
  /** What to look at or to do, a sentence each. */
  notes: z.array(z.string()),
  /** Null where nothing was written yet, or nothing is to be told of it. */
  made: eventMade.nullable(),
});
export type Acceptance = z.infer<typeof acceptance>;
