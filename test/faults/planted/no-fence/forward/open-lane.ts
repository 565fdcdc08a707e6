/**
 * Publishes name no expected sequence. None is in a batch: the server gives up one that rests for ten
 * seconds, so what comes later than that would be refused without a fence, too.
 */
import { openLane as real } from "../../../../../src/forward/open-lane.ts";
import { unfenced } from "../../../../support/unfenced.ts";

export const openLane: typeof real = (options) =>
  real({ ...options, connection: unfenced(options.connection, "ev.") }, false);
