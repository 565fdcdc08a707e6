/** The system as it runs now: what stands where, and what goes from one to the next. */
import * as z from "zod";
import { durationMs, epochMs } from "./parts.ts";

export const flowNode = z.strictObject({
  id: z.string(),
  kind: z.enum([
    "devices",
    "gateway",
    "stream",
    "processor",
    "plans",
    "notifier",
    "receiver",
    "historian",
    "database",
    "bridge",
    "target",
  ]),
  name: z.string(),
  state: z.enum(["ok", "waiting", "down", "unknown"]),
  /** The state in words: `linked`, `4 of 64 partitions`, `refused: unauthorized`. */
  text: z.string(),
  facts: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  /** The page that tells more. */
  path: z.string().nullable(),
});
export type FlowNode = z.infer<typeof flowNode>;

export const flowEdge = z.strictObject({
  from: z.string(),
  to: z.string(),
  perS: z.number().nullable(),
  /** How far the reader is behind, by the time of what it reads. */
  lagMs: durationMs.nullable(),
  backlog: z.number().nullable(),
  backlogBytes: z.number().nullable(),
});
export type FlowEdge = z.infer<typeof flowEdge>;

export const flow = z.strictObject({
  atMs: epochMs,
  nodes: z.array(flowNode),
  edges: z.array(flowEdge),
});
export type Flow = z.infer<typeof flow>;
