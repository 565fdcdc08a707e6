/** What a client takes, as it said in its CONNECT. */
export interface Terms {
  readonly version: 4 | 5;
  /** Messages of QoS 1 and 2 that may be under way to it at the same time (Receive Maximum). */
  readonly maxInFlight: number;
  /** What is larger is not sent to it (Maximum Packet Size). */
  readonly maxPacketBytes: number;
}

/** More may not be under way to any client. */
export const mostInFlight = 100;

/** Of a client that speaks MQTT 3.1.1: it cannot say. */
export const plainTerms: Terms = {
  version: 4,
  maxInFlight: mostInFlight,
  maxPacketBytes: Number.POSITIVE_INFINITY,
};
