import type { SeenGateway } from "../stream/discover-gateways.ts";
import type { GatewayPosition } from "../stream/gateway-reader.ts";

/** Messages of a stream behind what was carried; what it let go of is not among them. */
export function behindIn(
  { lastSeq, messages }: SeenGateway,
  position: GatewayPosition | undefined,
): number {
  const readTo = Math.max(position?.mark.streamSeq ?? 0, position?.stray?.streamSeq ?? 0);
  return Math.min(messages, Math.max(0, lastSeq - readTo));
}
