/** Publishes name no expected sequence. */
import { openLane as real } from "../../../../../src/forward/open-lane.ts";
import { unfenced } from "../../../../support/unfenced.ts";

export const openLane: typeof real = (options, batches) =>
  real({ ...options, connection: unfenced(options.connection, "ev.") }, batches);
