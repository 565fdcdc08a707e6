import type { EventOf } from "../core/event.ts";

/** A sample that waits for the watermark. */
export type PendingSample = Pick<EventOf<"measurement">, "timeMs" | "receivedMs" | "data">;
