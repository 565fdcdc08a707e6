/** Each record is answered by itself, also where the stream takes batches. */
import { openLane as real } from "../../../../../src/forward/open-lane.ts";

export const openLane: typeof real = (options) => real(options, false);
