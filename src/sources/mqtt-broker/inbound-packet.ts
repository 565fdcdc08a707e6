/** A publish of a client as the package hands it over; a will has the same form. */
export interface InboundPacket {
  readonly topic: string;
  readonly payload: Buffer | string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly messageId?: number | undefined;
}

export function bytesOf({ payload }: InboundPacket): Uint8Array {
  return typeof payload === "string" ? Buffer.from(payload) : payload;
}
