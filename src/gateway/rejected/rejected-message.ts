/** A message that was rejected, as it can be read back. */
import type { EventOf, StoredEvent } from "../../core/event.ts";
import { type DeviceId, toDeviceId } from "../../core/ids.ts";
import type { RawMessage } from "../../core/message.ts";

/** A `rejection` event with its place. */
export type RejectedMessage = Extract<StoredEvent, { kind: "rejection" }>;

/** Why a message cannot be read again from what was kept. */
export type Unusable = "cut" | "member";

/**
 * `cut`: only its beginning was kept. `member`: it is a part of a message whose other parts were stored,
 * and what stood around it was not kept.
 */
export function unusable({ data }: EventOf<"rejection">): Unusable | undefined {
  if (data.truncated) return "cut";
  return data.member === undefined ? undefined : "member";
}

/** The message as it was received; `device` where credentials named one. */
export function rawMessageOf(
  { data, extensions, receivedMs }: EventOf<"rejection">,
  device: DeviceId | undefined,
): RawMessage {
  return {
    source: "reprocess",
    address: data.topic,
    payload: Buffer.from(data.payload, "base64"),
    receivedMs,
    client: undefined,
    device,
    attributes: extensions?.["retained"] === true ? { retained: true } : {},
  };
}

/** The device that a rejection names, if any. */
export function namedDevice({ device }: EventOf<"rejection">): DeviceId | undefined {
  return device === null ? undefined : toDeviceId(device);
}
