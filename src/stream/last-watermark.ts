import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import { isObject } from "../core/is-object.ts";
import { gatewayStream, kindSubjects } from "../core/subject.ts";
import { getLastMessage } from "./message-get.ts";

/** Up to when a gateway has told everything; undefined where it never said, or has no stream. */
export async function readLastWatermark(
  connection: NatsConnection,
  { gateway, site }: Origin,
): Promise<EpochMs | undefined> {
  const subject = kindSubjects(site, gateway, "watermark");
  const last = await getLastMessage(connection, gatewayStream(gateway), subject);
  if (!last) return undefined;
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(last.body));
    const t = isObject(body) ? body["t"] : undefined;
    return typeof t === "number" ? t : undefined;
  } catch {
    return undefined;
  }
}
