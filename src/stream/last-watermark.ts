import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { gatewayStream, kindSubjects } from "../core/subject.ts";
import { getLastMessage } from "./message-get.ts";

/** Up to when a gateway has told everything; undefined where it never said. Rejects without a stream. */
export async function readLastWatermark(
  connection: NatsConnection,
  { gateway, site }: Origin,
): Promise<EpochMs | undefined> {
  const subject = kindSubjects(site, gateway, "watermark");
  const last = await getLastMessage(connection, gatewayStream(gateway), subject);
  if (!last) return undefined;
  const event = decodeEvent(new TextDecoder().decode(last.body));
  return !isMalformed(event) && event.kind === "watermark" ? event.data.t : undefined;
}
