/** Publishes name no expected sequence. */
import { openReplyLane as real } from "../../../../../src/forward/reply-lane.ts";
import { unfenced } from "../../../../support/unfenced.ts";

export const openReplyLane: typeof real = (options) =>
  real({ ...options, connection: unfenced(options.connection, "ev.") });
