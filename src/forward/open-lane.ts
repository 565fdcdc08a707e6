/** Which lane a stream gets: batches where it takes them, an answer for each record everywhere else. */
import type { NatsConnection } from "@nats-io/transport-node";
import { openBatchLane } from "./batch-lane.ts";
import type { Lane, LaneOptions } from "./lane.ts";
import { openReplyLane } from "./reply-lane.ts";

/** Connections whose server refused a batch though its stream was to take them. */
const unfit = new WeakSet<NatsConnection>();

/** `batches`: what the settings of the stream say. Begins to hear answers. */
export function openLane(options: LaneOptions, batches: boolean): Lane {
  const { connection } = options;
  if (!batches || unfit.has(connection)) return openReplyLane(options);
  return openBatchLane({ ...options, onUnfit: () => unfit.add(connection) });
}
