/** The way of an event of a gateway, up to the stream that it stands in and what reads that. */
import type { StoredEvent } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import { gatewayStream } from "../core/subject.ts";
import { hasPassedRecord } from "../stream/has-passed.ts";
import type { StoredMessage } from "../stream/message-get.ts";
import type { ClockReading, HopState, Step, Trail } from "./way.ts";
import { addAlertHops, type EventAlerts } from "./way-alerts.ts";
import type { BackboneSources, LoggedEvent, SavedProgress } from "./way-sources.ts";

/** Whose clock says when the server stored something. */
export const serverClock = "nats-server";

export const notForwarded = "not forwarded yet";
export const nobodyAsked = "the backbone cannot be asked";
export const goneFromStream = "the stream holds it no longer";

/** What was found of an event; at least one of the two. */
export interface FoundEvent {
  readonly event: StoredEvent;
  readonly logged: LoggedEvent | undefined;
  readonly message: StoredMessage | undefined;
  /** Nobody could look into the stream. */
  readonly isUnreachable: boolean;
}

/** From the device to the stream. */
export function addEdgeHops(trail: Trail, found: FoundEvent): void {
  const { event, isUnreachable, logged, message } = found;
  const { gateway } = event.origin;
  const own = `gateway ${gateway}`;
  const isSet = event.clock !== "unsynced";
  trail.add(deviceStep(event));
  trail.add({
    ...{ hop: "received", state: "reached", where: own },
    at: { atMs: event.receivedMs, clock: own },
    text: isSet ? "it came in" : "it came in, and the gateway did not know the time yet",
  });
  const isSafe = logged !== undefined || message !== undefined;
  trail.add({
    ...{ hop: "durable", state: isSafe ? "reached" : "unknown", where: `log of ${own}` },
    at: logged && { atMs: logged.appendedMs, clock: own },
    text: logged
      ? "written to the log; on disk with the commit behind it"
      : "on disk before it was forwarded; only its gateway knows when, while its log has it",
  });
  const isSent = message !== undefined || logged?.forwarded === true;
  trail.add({
    ...{ hop: "forwarded", state: isSent ? "reached" : "ahead", where: `link of ${own}` },
    text: isSent ? "sent and confirmed; when is not kept" : "it waits in the log of its gateway",
  });
  trail.add(storedStep(gatewayStream(gateway), message, isSent, isUnreachable));
}

function deviceStep({ clock, device, deviceTimeMs, kind, timeMs }: StoredEvent): Step {
  const where = device ?? "";
  const isSaid = kind === "measurement" || kind === "rejection" || kind === "status";
  if (clock === "device")
    return {
      ...{ hop: "device", state: "reached", where, text: "its own time" },
      at: { atMs: timeMs, clock: "device" },
    };
  if (deviceTimeMs !== undefined)
    return {
      ...{ hop: "device", state: "reached", where },
      at: { atMs: deviceTimeMs, clock: "device" },
      text: "its own time, which nobody could believe: the event has that of its gateway",
    };
  if (isSaid && device !== null)
    return { hop: "device", state: "unknown", where, text: "it said no time of its own" };
  return { hop: "device", state: "none", where, text: "the gateway says this itself" };
}

function storedStep(
  stream: string,
  message: StoredMessage | undefined,
  isSent: boolean,
  isUnreachable: boolean,
): Step {
  const step = { hop: "stored", path: "/system?tab=streams" } as const;
  if (message)
    return {
      ...{ ...step, state: "reached", where: `${stream} #${message.streamSeq}` },
      at: { atMs: message.storedMs, clock: serverClock },
      text: message.natsSubject,
    };
  if (!isSent) return { ...step, state: "ahead", where: stream, text: notForwarded };
  const text = isUnreachable ? nobodyAsked : goneFromStream;
  return { ...step, state: "unknown", where: stream, text };
}

/** From the stream on. */
export async function addHubHops(
  trail: Trail,
  event: StoredEvent,
  message: StoredMessage,
  backbone: BackboneSources,
  notes: string[],
): Promise<void> {
  const stored = { atMs: message.storedMs, clock: serverClock };
  const stream = gatewayStream(event.origin.gateway);
  const found: EventAlerts = { event, message, stored };
  const progress = await backbone.processor(event.origin.site);
  await addAlertHops(trail, found, backbone, notes, (seenMs) =>
    trail.addBehind(stored, {
      ...readStep("processed", progress, stream, event, message, seenMs),
      path: "/system?tab=processors",
    }),
  );
  if (event.kind !== "measurement" && event.kind !== "status")
    trail.addBehind(stored, {
      ...{ hop: "history", state: "none" },
      text: `history keeps nothing of the kind ${event.kind}`,
    });
  else
    trail.addBehind(
      stored,
      readStep("history", await backbone.historian(), stream, event, message),
    );
}

const readers = { processed: "processor", history: "historian" } as const;

/** How far a reader is, by what it saved last; `seen` is when it was certainly at the event. */
function readStep(
  hop: "processed" | "history",
  progress: SavedProgress | undefined,
  stream: string,
  { position }: StoredEvent,
  { streamSeq }: StoredMessage,
  seen?: ClockReading,
): Step {
  const who = readers[hop];
  if (seen) return { hop, state: "reached", at: seen, where: who, text: "an alert changed by it" };
  const at = progress?.positionOf(stream);
  if (!progress || !at)
    return { hop, state: "unknown", where: who, text: `no ${who} has saved how far it read` };
  const state: HopState = hasPassedRecord(at, position) ? "reached" : "ahead";
  const place = `${stream} #${at.mark.streamSeq}`;
  const saved = `had read up to ${place} when it saved that at ${formatTime(progress.savedMs)}`;
  return state === "reached"
    ? { hop, state, where: who, text: `the ${who} ${saved}; when it read this is not kept` }
    : { hop, state, where: who, text: `the ${who} ${saved}, this is #${streamSeq}` };
}
