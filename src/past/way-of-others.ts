/** The way of what no gateway said: alerts, what people did and want, values that rules made. */
import { formatTime } from "../core/event-codec.ts";
import type { EntryMark } from "../stream/marked-reading.ts";
import type { PastEntry } from "./past-entry.ts";
import type { ClockReading, Step, Trail } from "./way.ts";
import { addAlertHop, addDeliveries } from "./way-alerts.ts";
import { serverClock } from "./way-of-event.ts";
import type { BackboneSources, SavedProgress } from "./way-sources.ts";

/** Adds where it stands, and what became of it. */
export async function addOtherHops(
  trail: Trail,
  { message, stream, told }: PastEntry,
  backbone: BackboneSources,
  notes: string[],
): Promise<void> {
  const stored: ClockReading = { atMs: message.storedMs, clock: serverClock };
  const storedStep: Step = {
    ...{ hop: "stored", state: "reached", at: stored, where: `${stream} #${message.streamSeq}` },
    ...{ text: message.natsSubject, path: "/system?tab=streams" },
  };
  if ("transition" in told) {
    const { transition } = told;
    addAlertHop(trail, trail.last, transition, "this transition");
    const at = { atMs: Date.parse(transition.observed_at), clock: "processor" };
    trail.addBehind(at, storedStep);
    const found = { transition, streamSeq: message.streamSeq, storedMs: message.storedMs };
    await addDeliveries(trail, [found], backbone, notes);
    const history = await backbone.historian();
    trail.addBehind(stored, historyStep(history, history?.alerts, message.streamSeq));
  } else if ("value" in told) {
    trail.add(storedStep);
    const history = await backbone.historian();
    trail.addBehind(stored, historyStep(history, history?.derived, message.streamSeq));
  } else if ("action" in told) {
    const { action } = told;
    const asked = { atMs: Date.parse(action.at), clock: `machine of ${action.by}` };
    trail.add({
      ...{ hop: "received", state: "reached", at: asked, where: action.verb },
      text: `asked for by ${action.by}${action.reason === undefined ? "" : `: ${action.reason}`}`,
      path: `/alerts/${action.instance}`,
    });
    trail.add(storedStep);
  } else if ("order" in told) {
    const { order } = told;
    const what = order.order === "command" ? order.command : order.cancel;
    const { by, device, gateway, id, issuedMs, reason, site } = what;
    const why = reason === undefined ? "" : `: ${reason}`;
    trail.add({
      ...{ hop: "received", state: "reached", at: { atMs: issuedMs, clock: `machine of ${by}` } },
      ...{ where: order.order, text: `issued by ${by}${why}` },
    });
    trail.add(storedStep);
    const steps = await backbone.replies({ site, gateway, device }, id, message.storedMs);
    for (const { reply, timeMs } of steps)
      trail.add({
        ...{ hop: "device", state: "reached", where: device },
        at: { atMs: timeMs, clock: `gateway ${gateway}` },
        text: `${reply.state}${reply.text === undefined ? "" : `: ${reply.text}`}`,
      });
    if (steps.length === 0)
      trail.add({
        hop: "device",
        state: "ahead",
        where: device,
        text: "its gateway said nothing yet",
      });
  }
}

function historyStep(
  progress: SavedProgress | undefined,
  mark: EntryMark | undefined,
  streamSeq: number,
): Step {
  const step = { hop: "history", where: "historian" } as const;
  if (!progress || !mark)
    return { ...step, state: "unknown", text: "no historian has saved how far it read" };
  const saved = `it had read up to #${mark.streamSeq} when it saved that at ${formatTime(progress.savedMs)}`;
  return mark.streamSeq >= streamSeq
    ? { ...step, state: "reached", text: `${saved}; when it read this is not kept` }
    : { ...step, state: "ahead", text: `${saved}, this is #${streamSeq}` };
}
