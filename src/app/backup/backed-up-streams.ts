/** Which streams make a backbone, and in which order they are packed. */
import {
  alertsStream,
  bridgeAsideStream,
  checkpointsBucket,
  commandsStream,
  derivedStream,
  gatewayStreamPrefix,
  historyRejectedStream,
  notifyLogStream,
  plansStream,
  positionsBucket,
} from "../../core/subject.ts";

/**
 * Each before what it follows from: a position that was packed first stands at most where the stream is
 * that was packed later, and who goes on from there reads some of it twice, as after a crash. The other
 * way round it would wait for messages that never come. Leases are not packed: whoever held one is gone.
 */
const order = [
  `KV_${positionsBucket}`,
  `KV_${checkpointsBucket}`,
  notifyLogStream,
  historyRejectedStream,
  bridgeAsideStream,
  alertsStream,
  derivedStream,
  plansStream,
  commandsStream,
] as const;

/** Those of `names` that are the backbone's, in the order in which they are packed. */
export function backedUpOf(names: readonly string[]): readonly string[] {
  const gateways = names.filter((name) => name.startsWith(gatewayStreamPrefix));
  return [...order.filter((name) => names.includes(name)), ...gateways];
}
