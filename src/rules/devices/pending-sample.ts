import type { EventOf } from "../../core/event.ts";

/** A sample that waits for the watermark; its extensions say whether it is new. */
export type PendingSample = Pick<
  EventOf<"measurement">,
  "timeMs" | "receivedMs" | "data" | "extensions"
>;
