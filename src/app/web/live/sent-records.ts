/** What the backbone confirms, read behind it from the log: the road itself does not know who looks. */
import { type Clock, sleep } from "../../../core/clock.ts";
import type { StoredEvent } from "../../../core/event.ts";
import { decodeEvent, isMalformed } from "../../../core/event-codec.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { recordsOf } from "../devices/log-behind.ts";

const lookEveryMs = 250;
/** Of what was confirmed since the look before, only the latest are read. */
const mostAtOnce = 5_000;

/** Gives each event that is confirmed from now on, with its text, until the end that it gives is called. */
export function followSent(
  log: GatewayFacts["log"],
  clock: Clock,
  take: (event: StoredEvent, text: string) => void,
): () => void {
  const stopping = new AbortController();
  void follow(log, clock, take, stopping.signal);
  return () => stopping.abort();
}

async function follow(
  log: GatewayFacts["log"],
  clock: Clock,
  take: (event: StoredEvent, text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let seq: number = log.confirmed?.seq ?? log.durableSeq;
  while (!signal.aborted) {
    await sleep(clock, lookEveryMs, signal);
    const upTo = Math.min(log.confirmed?.seq ?? 0, log.durableSeq);
    if (signal.aborted || upTo <= seq) continue;
    try {
      for await (const { body } of recordsOf(log, Math.max(seq, upTo - mostAtOnce), upTo, signal)) {
        const text = Buffer.from(body).toString();
        const event = decodeEvent(text);
        if (!isMalformed(event)) take(event, text);
      }
    } catch {
      // A log that cannot be read says so in its own trouble; it is looked at again.
    }
    seq = upTo;
  }
}
