/** The last events of one device, out of the gateway's own log: there is no backbone needed. */
import type { DeviceEvent } from "../../../api/shapes/device.ts";
import type { StoredEvent } from "../../../core/event.ts";
import { decodeEvent, isMalformed } from "../../../core/event-codec.ts";
import { type DeviceId, eventIdOf } from "../../../core/ids.ts";
import { deviceToken } from "../../../core/subject.ts";
import { isLate } from "../../../gateway/is-late.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { readBackwards } from "./log-behind.ts";
import { payloadText } from "./payload-text.ts";

/** So far the log is looked through for a device that says little. */
const mostRecords = 200_000;

/** The latest first. */
export async function lastEventsOf(
  { log }: Pick<GatewayFacts, "log">,
  device: DeviceId,
  limit: number,
  signal: AbortSignal,
): Promise<{ readonly events: DeviceEvent[]; readonly more: boolean }> {
  const token = deviceToken(device);
  const events: DeviceEvent[] = [];
  // One more tells that there are more.
  const wanted = limit + 1;
  const isAll = await readBackwards(
    log,
    mostRecords,
    async (part) => {
      const ofPart: DeviceEvent[] = [];
      for await (const { body, deviceToken: its } of part) {
        if (its !== token) continue;
        const event = decodeEvent(Buffer.from(body).toString());
        if (isMalformed(event)) continue;
        ofPart.push(shownEvent(event));
        if (ofPart.length > wanted) ofPart.shift();
      }
      events.push(...ofPart.reverse());
      return events.length < wanted;
    },
    signal,
  );
  return { events: events.slice(0, limit), more: !isAll || events.length > limit };
}

export function shownEvent(event: StoredEvent): DeviceEvent {
  const { data, kind, origin, position, receivedMs, timeMs } = event;
  return {
    id: eventIdOf(origin.gateway, position.run, position.seq),
    ...{ kind, timeMs, receivedMs, data },
    late: isLate(event),
    raw: rawOf(event),
  };
}

/** What was not read is kept as it came. */
function rawOf(event: StoredEvent): DeviceEvent["raw"] {
  if (event.kind !== "rejection") return null;
  const { payload, topic } = event.data;
  return { topic, text: payloadText(Buffer.from(payload, "base64")).shown };
}
