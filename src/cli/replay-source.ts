/** What is played: a recording, or the stream of a gateway as it is now. */
import { createReadStream } from "node:fs";
import type { PastDesk } from "../app/past-desk.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { systemReason } from "../core/system-reason.ts";
import { type EntryFilter, isWanted } from "../past/entry-filter.ts";
import { readRecording } from "../past/read-recording.ts";
import type { RecordedEvent } from "../past/recorded-line.ts";

/** Lines that are no events are told one by one up to here, and then counted. */
const mostTold = 5;

/** The events of a recording, in its order; `-` for standard input. */
export async function* eventsOfFile(
  path: string,
  filter: EntryFilter,
): AsyncGenerator<RecordedEvent> {
  let unreadable = 0;
  try {
    const input = path === "-" ? process.stdin : createReadStream(path);
    for await (const line of readRecording(input)) {
      if ("unreadable" in line) {
        unreadable += 1;
        if (unreadable <= mostTold) say(`${path}:${line.line}: passed over: ${line.unreadable}`);
        continue;
      }
      const { event } = line.recorded;
      const told = { kind: event.kind, event };
      if (isWanted({ ...event, ...event.origin, told }, filter)) yield line.recorded;
    }
  } catch (thrown) {
    if (thrown instanceof GatewayError) throw thrown;
    throw new GatewayError("usage", `cannot read ${path}: ${systemReason(thrown)}`, {
      cause: thrown,
    });
  }
  if (unreadable > mostTold) say(`${path}: ${unreadable - mostTold} more lines passed over`);
}

/** The events that a gateway's stream holds now. */
export async function* eventsOfStream(
  desk: PastDesk,
  filter: EntryFilter,
  signal: AbortSignal,
): AsyncGenerator<RecordedEvent> {
  for await (const { message, text, told } of desk.read({ filter, follow: false, signal })) {
    const { storedMs, streamSeq } = message;
    if ("event" in told) yield { event: told.event, text, place: { storedMs, streamSeq } };
  }
}

function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}
