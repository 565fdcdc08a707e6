/** Which records are open QoS 2 messages is not kept. */
import { openSegmentLog as real } from "../../../../../src/buffer/open-segment-log.ts";
import { instead } from "../../../../support/instead.ts";

export const openSegmentLog: typeof real = async (...args) => {
  const log = await real(...args);
  return instead(log, {
    append: ({ delivery: _, ...draft }) => log.append(draft),
  });
};
