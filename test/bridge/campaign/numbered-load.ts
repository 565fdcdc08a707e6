/** Events of one gateway, each with its number as its record's, and how they came out at a target. */
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { eventIdOf, toRunId, toSeq } from "../../../src/core/ids.ts";
import { origin, publishEvent, reading } from "../../support/gateway-stream.ts";

const run = toRunId("aaaaaaaa");
const atOnce = 128;
const devices = 50;

/** Publishes the records behind `after` up to `to`. */
export async function publishNumbers(
  connection: NatsConnection,
  after: number,
  to: number,
): Promise<void> {
  const client = jetstream(connection);
  for (let from = after; from < to; from += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, to - from) }, (_, at) => from + at + 1);
    await Promise.all(
      numbers.map((seq) => {
        const event = reading(`d${seq % devices}`, seq, seq);
        return publishEvent(client, event, { run, seq: toSeq(seq) });
      }),
    );
  }
}

export interface CarriedVerdict {
  readonly lost: number;
  /** Came more than once. */
  readonly doubled: number;
  /** Came for the first time behind a later one of their device. */
  readonly reordered: number;
}

/** Ids as a target has them, against all records up to `to`. */
export function judgeCarried(ids: readonly string[], to: number): CarriedVerdict {
  const front = eventIdOf(origin.gateway, run, toSeq(1)).slice(0, -1);
  const seen = new Set<number>();
  const newest = new Map<number, number>();
  let reordered = 0;
  for (const id of ids) {
    const seq = Number(id.slice(front.length));
    if (seen.has(seq)) continue;
    seen.add(seq);
    const device = seq % devices;
    if (seq < (newest.get(device) ?? 0)) reordered += 1;
    newest.set(device, Math.max(seq, newest.get(device) ?? 0));
  }
  const missing = Array.from({ length: to }, (_, at) => at + 1).filter((seq) => !seen.has(seq));
  return { lost: missing.length, doubled: ids.length - seen.size, reordered };
}
