/** How all is, in one row: the status bar and the overview. */
import * as z from "zod";
import { count, durationMs, epochMs } from "./parts.ts";

/**
 * - `linked`: acknowledgments arrive. - `connecting`: the first try, or asking where the stream stands.
 * - `buffering`: the backbone is away; data is safe on disk. - `draining`: a backlog goes out.
 * - `blocked`: connected, and publishes are refused. - `dropping`: the limit was hit, and data is lost.
 */
export const linkWord = z.enum([
  "linked",
  "connecting",
  "buffering",
  "draining",
  "blocked",
  "dropping",
]);
export type LinkWord = z.infer<typeof linkWord>;

export const linkShape = z.strictObject({
  word: linkWord,
  sinceMs: epochMs,
  reason: z.string().nullable(),
  servers: z.array(z.string()),
  /** The one it is connected to. */
  server: z.string().nullable(),
  nextTryMs: epochMs.nullable(),
  lastAckMs: epochMs.nullable(),
});

export const bufferShape = z.strictObject({
  /** Waiting for the backbone. */
  events: count,
  bytes: count,
  maxBytes: count,
  oldestMs: epochMs.nullable(),
  /** At the rate of now; null where it does not fill. */
  fullInMs: durationMs.nullable(),
  /** At the rate of now; null where it does not drain. */
  goneInMs: durationMs.nullable(),
});

export const flowShape = z.strictObject({
  inPerS: z.number(),
  outPerS: z.number(),
  /** Over which both were counted. */
  windowMs: durationMs,
  /** All since the start. */
  received: count,
  rejected: count,
  late: count,
  repeats: count,
  passedOver: count,
  dropped: count,
  /** Of earlier runs. */
  droppedBefore: count,
});

export const sourceShape = z.strictObject({
  name: z.string(),
  address: z.string(),
  /** It waits, since the buffer takes no more. */
  holding: z.boolean(),
  /** `up`, or what is wrong. */
  link: z.string().nullable(),
  refused: count,
});

export const gatewayNow = z.strictObject({
  gateway: z.string(),
  uptimeMs: durationMs,
  link: linkShape,
  buffer: bufferShape,
  flow: flowShape,
  sources: z.array(sourceShape),
});
export type GatewayNow = z.infer<typeof gatewayNow>;

export const hubNow = z.strictObject({
  /** What is shown is of now. */
  connected: z.boolean(),
  sinceMs: epochMs,
  server: z.string().nullable(),
  reason: z.string().nullable(),
  gateways: count,
  gatewaysAway: count,
});

export const statusRow = z.strictObject({
  atMs: epochMs,
  version: z.string(),
  site: z.string(),
  roles: z.array(z.string()),
  /** Null where this process runs none. */
  gateway: gatewayNow.nullable(),
  /** Null where this process does not read the streams. */
  hub: hubNow.nullable(),
  /** By state: `ok`, `silent`, `never`, `clock-suspect`, `bad-quality`. */
  devices: z.record(z.string(), count),
  alerts: z.strictObject({
    critical: count,
    warning: count,
    info: count,
    /** Of all of them. */
    unacknowledged: count,
  }),
  historian: z
    .strictObject({ behindMs: durationMs.nullable(), trouble: z.string().nullable() })
    .nullable(),
  commands: z.strictObject({ open: count, waiting: count }),
  deadLetters: z.strictObject({ messages: count, groups: count }),
});
export type StatusRow = z.infer<typeof statusRow>;

/** In and out over time, for the charts; columns of the same length, oldest first. */
export const statusSamples = z.strictObject({
  stepMs: durationMs,
  atMs: z.array(epochMs),
  inPerS: z.array(z.number().nullable()),
  outPerS: z.array(z.number().nullable()),
  backlog: z.array(z.number().nullable()),
  /** Times in which the backbone was away. */
  outages: z.array(z.strictObject({ fromMs: epochMs, toMs: epochMs.nullable() })),
});
export type StatusSamples = z.infer<typeof statusSamples>;
