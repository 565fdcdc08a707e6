import type { Delivery } from "../../core/record.ts";
import type { PublishProperties } from "./v5/publish-properties.ts";

/** A publish of a client, whoever read it; a will of the package has the same form. */
export interface InboundPacket {
  readonly topic: string;
  readonly payload: Buffer | string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly messageId?: number | undefined;
  /** It has DUP: the client says that it sent it before. */
  readonly isAgain?: boolean;
  /** QoS 1 in a kept session: by what it is known when it comes again. */
  delivery?: Delivery;
  /** It was too large, and this is only its beginning. */
  isCut?: true;
  /** What an MQTT 5 publisher said of it beside. */
  readonly properties5?: PublishProperties | undefined;
}

export function bytesOf({ payload }: InboundPacket): Uint8Array {
  return typeof payload === "string" ? Buffer.from(payload) : payload;
}
