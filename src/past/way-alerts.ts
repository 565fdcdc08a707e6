/** Alerts that an event changed, and who was told of them. */
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { StoredEvent } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import { eventIdOf } from "../core/ids.ts";
import { parseMoment } from "../core/moment.ts";
import type { StoredMessage } from "../stream/message-get.ts";
import type { DeliveryAttempt } from "../stream/notify-log.ts";
import type { ClockReading, Trail } from "./way.ts";
import type { BackboneSources, FoundTransition } from "./way-sources.ts";

/** So many transitions, and so many deliveries, are shown. */
const mostShown = 50;
/** Clocks of servers differ by a little where a stream moves from one to another. */
const marginMs = 1_000;

export interface EventAlerts {
  readonly event: StoredEvent;
  readonly message: StoredMessage;
  readonly stored: ClockReading;
}

/** Adds what the event changed; before that `onProcessed` is told when the rules had it for certain. */
export async function addAlertHops(
  trail: Trail,
  { event, message, stored }: EventAlerts,
  backbone: BackboneSources,
  notes: string[],
  onProcessed: (seen: ClockReading | undefined) => void,
): Promise<void> {
  const found: FoundTransition[] = [];
  const { site } = event.origin;
  const sawAll = await backbone.transitions(site, message.storedMs - marginMs, (one) => {
    if (whyOf(one.transition, event) !== undefined) found.push(one);
  });
  if (!sawAll) notes.push("so many alerts changed since that not all of them were looked at");
  const own = found.find(({ transition }) => isFoundIn(transition, event));
  onProcessed(own && observedAt(own.transition));
  const shown = found.slice(0, mostShown);
  if (shown.length < found.length)
    notes.push(`${found.length - shown.length} more changes of alerts are not shown`);
  for (const { transition } of shown)
    addAlertHop(trail, stored, transition, whyOf(transition, event) ?? "");
  if (shown.length === 0) {
    trail.addBehind(stored, {
      hop: "alert",
      state: "none",
      text: "no alert that is stored changed by it",
    });
    trail.addBehind(stored, { hop: "notified", state: "none", text: "there is nothing to tell" });
  } else await addDeliveries(trail, shown, backbone, notes);
}

export function addAlertHop(
  trail: Trail,
  before: ClockReading | undefined,
  transition: AlertTransition,
  why: string,
): void {
  const { instance, late, reason, rule, severity, state } = transition;
  trail.addBehind(before, {
    ...{ hop: "alert", state: "reached", where: `${rule} ${state} ${severity}` },
    at: observedAt(transition),
    text: `${why} (${reason})${late ? ", late" : ""}; transition ${transition.id}`,
    path: `/alerts/${instance}`,
  });
}

/** Who was told of these, as the log of deliveries has it. */
export async function addDeliveries(
  trail: Trail,
  told: readonly FoundTransition[],
  backbone: BackboneSources,
  notes: string[],
): Promise<void> {
  const byId = new Map(told.map(({ transition }) => [transition.id, transition]));
  const sinceMs = Math.min(...told.map(({ storedMs }) => storedMs));
  const attempts: DeliveryAttempt[] = [];
  let leftOut = 0;
  const sawAll = await backbone.attempts(sinceMs - marginMs, (attempt) => {
    // Of strangers it may have anything.
    if (!byId.has(attempt.transition) || parseMoment(attempt.at) === undefined) return;
    if (attempts.length < mostShown) attempts.push(attempt);
    else leftOut += 1;
  });
  if (!sawAll) notes.push("so much was told since that not all deliveries were looked at");
  if (leftOut > 0) notes.push(`${leftOut} more deliveries are not shown`);
  if (told.some(({ transition }) => transition.evaluated === "edge"))
    notes.push("receivers that say `at: edge` are told by the gateway, which keeps no log of that");
  for (const { at, attempt, outcome, reason, receiver, transition } of attempts) {
    const about = byId.get(transition);
    const isTold = outcome === "delivered";
    trail.addBehind(about && observedAt(about), {
      ...{ hop: "notified", state: isTold || outcome === "dead-letter" ? "reached" : "ahead" },
      at: { atMs: Date.parse(at), clock: "notifier" },
      where: `receiver ${receiver}: ${outcome}`,
      text: `${about?.rule ?? ""}, attempt ${attempt}${reason === undefined ? "" : `: ${reason}`}`,
    });
  }
  if (attempts.length === 0)
    trail.add({
      ...{ hop: "notified", state: "unknown" },
      text: "no delivery is logged: nobody is to be told, or nobody was yet",
    });
}

function observedAt({ observed_at }: AlertTransition): ClockReading {
  return { atMs: Date.parse(observed_at), clock: "processor" };
}

/** Why a transition belongs to the way of an event, in words. */
function whyOf(transition: AlertTransition, event: StoredEvent): string | undefined {
  if (event.kind === "alert-transition" && event.data.id === transition.id)
    return "found by the gateway itself, and passed on";
  if (isFoundIn(transition, event)) return "found when the event was read";
  const { device, gateway } = transition.labels;
  const isItsDevice = device === event.device && gateway === event.origin.gateway;
  if (event.kind !== "measurement" || !isItsDevice) return undefined;
  const time = formatTime(event.timeMs as EpochMs);
  if (transition.started_at === time) return "its episode began at the time of the event";
  return transition.at === time ? "it changed at the time of the event" : undefined;
}

function isFoundIn({ read_up_to }: AlertTransition, { origin, position }: StoredEvent): boolean {
  return read_up_to === eventIdOf(origin.gateway, position.run, position.seq);
}
