/** The inside: streams, processors, what was told, the configuration, health, who did what. */
import * as z from "zod";
import { count, durationMs, epochMs } from "./parts.ts";

export const streamRow = z.strictObject({
  name: z.string(),
  subjects: z.array(z.string()),
  messages: count,
  bytes: count,
  maxBytes: z.number().nullable(),
  maxAgeMs: durationMs.nullable(),
  replicas: count,
  firstMs: epochMs.nullable(),
  lastMs: epochMs.nullable(),
  /** Who reads it and how far behind they are. */
  readers: z.array(
    z.strictObject({ name: z.string(), behind: count.nullable(), lagMs: durationMs.nullable() }),
  ),
  /** Where it is not as it should be, in words. */
  problems: z.array(z.string()),
});
export type StreamRow = z.infer<typeof streamRow>;

export const processorRow = z.strictObject({
  /** The process that does it. */
  name: z.string(),
  role: z.string(),
  partitions: z.array(z.number()),
  behind: count.nullable(),
  lagMs: durationMs.nullable(),
  checkpointMs: epochMs.nullable(),
  rules: count.nullable(),
  trouble: z.string().nullable(),
});
export type ProcessorRow = z.infer<typeof processorRow>;

export const receiverRow = z.strictObject({
  receiver: z.string(),
  kind: z.string(),
  delivered: count,
  waiting: count,
  givenUp: count,
  lastMs: epochMs.nullable(),
  trouble: z.string().nullable(),
});
export type ReceiverRow = z.infer<typeof receiverRow>;

/** What a receiver was never told of. */
export const letterRow = z.strictObject({
  /** Its number in the log of attempts: names it in paths. */
  place: count,
  receiver: z.string(),
  instance: z.string(),
  rule: z.string(),
  reason: z.string(),
  attempts: count,
  atMs: epochMs,
});
export type LetterRow = z.infer<typeof letterRow>;

export const noticesPage = z.strictObject({
  receivers: z.array(receiverRow),
  /** The latest first. */
  letters: z.array(letterRow),
  more: z.boolean(),
});
export type NoticesPage = z.infer<typeof noticesPage>;

export const healthCheck = z.strictObject({
  name: z.string(),
  /** `disk.space`: what `sluicegate explain` knows it by. */
  code: z.string(),
  verdict: z.enum(["ok", "warning", "error"]),
  text: z.string(),
  /** What to do; empty where nothing is. */
  advice: z.string(),
});
export type HealthCheck = z.infer<typeof healthCheck>;

export const configLine = z.strictObject({
  path: z.string(),
  /** Secrets are masked. */
  value: z.string(),
  /** `default`, or `sluicegate.yaml:12`. */
  origin: z.string(),
});
export type ConfigLine = z.infer<typeof configLine>;

export const auditEntry = z.strictObject({
  id: z.string(),
  atMs: epochMs,
  by: z.string(),
  from: z.string().nullable(),
  /** `sign-in`, `ack`, `send`, `discard`. */
  action: z.string(),
  target: z.string().nullable(),
  outcome: z.enum(["done", "refused", "failed"]),
  text: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** The newest first; ask again with `before` = the id of the last. */
export const auditPage = z.strictObject({ entries: z.array(auditEntry), more: z.boolean() });
export type AuditPage = z.infer<typeof auditPage>;

export const aboutPage = z.strictObject({
  version: z.string(),
  node: z.string(),
  platform: z.string(),
  startedMs: epochMs,
  /** Packages inside, with their licenses. */
  packages: z.array(z.strictObject({ name: z.string(), version: z.string(), license: z.string() })),
});
export type AboutPage = z.infer<typeof aboutPage>;
