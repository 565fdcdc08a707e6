/** The whole way of one event, with the time it spent at each hop. */
import * as z from "zod";
import { durationMs, epochMs } from "./parts.ts";

export const hopName = z.enum([
  "device",
  "received",
  "durable",
  "forwarded",
  "stored",
  "processed",
  "alert",
  "notified",
  "history",
]);
export type HopName = z.infer<typeof hopName>;

export const hop = z.strictObject({
  hop: hopName,
  /** `reached`; `ahead`: not yet; `unknown`: nobody here can tell; `none`: it does not come here. */
  state: z.enum(["reached", "ahead", "unknown", "none"]),
  atMs: epochMs.nullable(),
  /** Since the hop before whose time is known; below 0 where two clocks disagree. */
  tookMs: durationMs.nullable(),
  /** Whose clock `atMs` is of: `device`, `gateway gw1`, `nats-server`, `notifier`. */
  clock: z.string().nullable(),
  /** Where: `topic tele/x`, `GW_gw1 #4711`, `HighTemp firing`, `receiver ops: 200`. */
  where: z.string(),
  text: z.string(),
  /** A page that tells more. */
  path: z.string().nullable(),
});
export type Hop = z.infer<typeof hop>;

export const way = z.strictObject({
  event: z.string(),
  kind: z.string(),
  site: z.string(),
  gateway: z.string().nullable(),
  device: z.string().nullable(),
  deviceKey: z.string().nullable(),
  /** In the order of the flow; a hop may stand several times, as for several alerts or receivers. */
  hops: z.array(hop),
  /** Id of the trace it is part of. */
  trace: z.string().nullable(),
  /** The stored event. */
  data: z.unknown(),
  notes: z.array(z.string()),
});
export type Way = z.infer<typeof way>;
