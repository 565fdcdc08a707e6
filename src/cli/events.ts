/** `sluicegate events`, `events show <id>`: what was stored, as people ask for it. */
import { newestEntries } from "../app/newest-entries.ts";
import type { PastDesk } from "../app/past-desk.ts";
import { systemClock } from "../app/system-clock.ts";
import { counted } from "../core/counted.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import { eventKinds, isEventKind } from "../core/event-kind.ts";
import { printable } from "../core/printable.ts";
import type { PastEntry } from "../past/past-entry.ts";
import { recordedLine } from "../past/recorded-line.ts";
import { atPastDesk, untilStopped } from "./at-past-desk.ts";
import { type EntryOptions, entryFilterOf, limitFlag } from "./entry-flags.ts";
import { dayLine, entryLine } from "./entry-lines.ts";
import { answerText } from "./print-answer.ts";
import { printInTime } from "./print-in-time.ts";
import { type RemoteOptions, remoteOf } from "./remote.ts";

export interface EventsOptions extends EntryOptions, RemoteOptions {
  readonly limit?: string;
  readonly output: "text" | "ndjson";
}

const usualMs = 3_600_000;

/** Marks of time are asked for by name: there is one a second of every gateway. */
const usualKinds = new Set(
  Object.keys(eventKinds)
    .filter(isEventKind)
    .filter((kind) => kind !== "watermark"),
);

/**
 * Prints a line for each, until Ctrl-C or the limit. A limit counts from the time that was named; where
 * none was, it is the newest that are shown, whenever that was, as `tail` and `journalctl` do.
 */
export async function listEvents(options: EventsOptions): Promise<void> {
  const nowMs = systemClock.wallMs();
  const { follow = false, output } = options;
  const limit = limitFlag(options.limit);
  const isNewest = limit !== undefined && options.since === undefined;
  const sinceMs = follow ? nowMs : nowMs - usualMs;
  const asked = entryFilterOf(options, {
    kinds: usualKinds,
    sinceMs: isNewest ? Number.NEGATIVE_INFINITY : sinceMs,
    untilMs: Number.POSITIVE_INFINITY,
  });
  const remote = await remoteOf(options);
  if (remote)
    return (await import("./remote-events.ts")).listEventsThere(remote, asked, options, limit);
  const signal = untilStopped();
  await atPastDesk(options, "sluicegate-events", async (desk) => {
    const newest = isNewest ? await newestEntries(desk, asked, limit, signal) : undefined;
    const filter = newest ? { ...asked, sinceMs: newest.sinceMs } : asked;
    let skip = newest?.skip ?? 0;
    const lineCharacters = process.stdout.isTTY ? process.stdout.columns : Infinity;
    let shown = 0;
    let day = "";
    for await (const entry of desk.read({ filter, follow, signal })) {
      if (skip > 0) {
        skip -= 1;
        continue;
      }
      if (!newest && shown === limit) {
        say(`(there is more: --since ${formatTime(entry.receivedMs)})`);
        break;
      }
      if (output === "ndjson") await printInTime(printable(ndjsonLine(entry)));
      else {
        const itsDay = dayLine(entry.receivedMs);
        if (itsDay !== day) await printInTime(itsDay);
        day = itsDay;
        await printInTime(entryLine(entry, lineCharacters));
      }
      shown += 1;
    }
    sayEnd(desk, shown);
    if (signal.aborted && !follow) process.exitCode = 130;
  });
}

function sayEnd(desk: PastDesk, shown: number): void {
  if (shown === 0) say("(no events; --since 1d looks further back, --kind names others)");
  if (desk.strays > 0) say(`(${counted(desk.strays, "message")} passed over: no events)`);
}

/** An event of a gateway as `record` writes it; of others the message. */
function ndjsonLine({ message, text, told }: PastEntry): string {
  const line = "event" in told ? recordedLine(text, message) : undefined;
  return line ?? JSON.stringify(JSON.parse(text));
}

/** Prints one whole. */
export async function showEvent(
  id: string,
  options: EntryOptions & { readonly output: "text" | "json" },
): Promise<void> {
  await atPastDesk(options, "sluicegate-events", async (desk) => {
    const entry = await desk.find(id);
    if (!entry)
      throw new GatewayError(
        "not-found",
        `no stream holds an event ${id}; sluicegate events lists ids`,
      );
    const { message, receivedMs, stream, text, told } = entry;
    const body: unknown = JSON.parse(text);
    if (options.output === "json") {
      const { streamSeq, natsSubject } = message;
      const stored = formatTime(message.storedMs);
      return printInTime(
        answerText("event/1", { stream, streamSeq, natsSubject, stored, event: body }),
      );
    }
    await printInTime(`Stream    ${stream}, message ${message.streamSeq}, ${message.natsSubject}`);
    if ("event" in told) await printInTime(`Time      ${formatTime(told.event.timeMs)}`);
    await printInTime(`Received  ${formatTime(receivedMs)}`);
    await printInTime(`Stored    ${formatTime(message.storedMs)}\n`);
    for (const line of JSON.stringify(body, undefined, 2).split("\n"))
      await printInTime(printable(line));
  });
}

function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}
