/** What `tap` shows of a message before anyone looked inside. */
import type { RawMessage } from "../core/message.ts";
import type { Taps } from "../core/taps.ts";

/** As much of the payload of a message as fits on a screen. */
const shownBytes = 2_048;

export function showMessage(taps: Taps, message: RawMessage): void {
  const { address, client, payload, source, receivedMs } = message;
  const text = Buffer.from(
    payload.buffer,
    payload.byteOffset,
    Math.min(payload.byteLength, shownBytes),
  );
  taps.offer("received", message.device ?? null, {
    source,
    topic: address,
    ...(client !== undefined && { client }),
    receivedMs,
    bytes: payload.byteLength,
    payload: text.toString("utf8"),
  });
}
