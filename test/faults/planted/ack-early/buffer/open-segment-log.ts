/** What was appended is called durable at once. */
import { openSegmentLog as real } from "../../../../../src/buffer/open-segment-log.ts";
import { instead } from "../../../../support/instead.ts";

export const openSegmentLog: typeof real = async (...args) => {
  const log = await real(...args);
  return instead(log, {
    get durableSeq() {
      return log.lastSeq;
    },
  });
};
