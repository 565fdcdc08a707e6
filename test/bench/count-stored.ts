/** Reads a stream from end to end and holds it against what the devices were acknowledged. */
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { createProof, numberOf, type Verdict } from "../../src/simulate/proof.ts";
import { visitGatewayStream } from "../support/read-gateway-stream.ts";
import { formatCount } from "./figures.ts";
import type { LoadAnswer } from "./programs/reports.ts";

/** Everything that the devices of these loads sent, against the stream `GW_gw1`. */
export async function countStored(natsUrl: string, loads: readonly LoadAnswer[]): Promise<Verdict> {
  const proof = createProof();
  for (const [device, highest] of loads.flatMap(({ acked }) => acked))
    for (let n = 1; n <= highest; n += 1) proof.sent(device, n);
  const decoder = new TextDecoder();
  await visitGatewayStream(natsUrl, (body) => {
    const event = decodeEvent(decoder.decode(body));
    if (isMalformed(event)) throw new Error(`not an event: ${event.malformed}`);
    const numbered = numberOf(event);
    if (numbered) proof.stored(numbered.device, numbered.n);
  });
  return proof.verdict();
}

/** The verdict in words. */
export function formatVerdict(verdict: Verdict): string {
  const { duplicated, exact, lost, reordered, sent, unexpected } = verdict;
  if (exact) return `${formatCount(sent)} of ${formatCount(sent)}`;
  return `lost ${lost}, twice ${duplicated}, out of order ${reordered}, unknown ${unexpected}`;
}
