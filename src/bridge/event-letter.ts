/** Letters that are events of gateways, alert transitions, and gaps that a bridge found. */
import { siteOfAlert } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import type { StoredEvent } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import { cloudEventType } from "../core/event-kind.ts";
import { eventIdOf } from "../core/ids.ts";
import { alertSubject, alertsStream, eventSubject } from "../core/subject.ts";
import { escapeToken } from "../core/token.ts";
import { traceOf } from "../core/trace-context.ts";
import type { StoredTransition } from "../stream/alert-log.ts";
import type { DiscoveredGateway } from "../stream/discover-gateways.ts";
import type { EventMessage } from "../stream/gateway-reader.ts";
import type { Tear } from "../stream/seen-records.ts";
import type { Letter } from "./letter.ts";

/** The extension that says which bridges carried what an event was made of. */
export const carriedByName = "bridgedby";
const text = new TextDecoder();

/** The letter of an event, as its message has it. */
export function eventLetter(event: StoredEvent, message: EventMessage, stream: string): Letter {
  const { device, extensions, kind, origin, position, timeMs } = event;
  const { gateway, site } = origin;
  const carriedBy = extensions?.[carriedByName];
  return {
    id: eventIdOf(gateway, position.run, position.seq),
    lane: `${stream} ${device ?? ""}`,
    key: device ?? gateway,
    isAlert: false,
    stream,
    streamSeq: message.streamSeq,
    natsSubject: message.natsSubject,
    timeMs,
    labels: { site, gateway, device: device ?? "", kind },
    carriedBy: typeof carriedBy === "string" ? carriedBy.split(" ") : [],
    text: text.decode(message.body),
  };
}

/** The letter of a transition: a CloudEvent around it. */
export function alertLetter({ streamSeq, transition }: StoredTransition): Letter {
  const { at, id, instance, labels, rule } = transition;
  const site = siteOfAlert(transition);
  return {
    id,
    lane: `${alertsStream} ${instance}`,
    key: labels["device"] ?? instance,
    isAlert: true,
    stream: alertsStream,
    streamSeq,
    natsSubject: alertSubject(site, instance),
    timeMs: Date.parse(at),
    labels: { site, rule, instance },
    carriedBy: [],
    text: JSON.stringify({
      specversion: "1.0",
      id,
      source: "/sluicegate/alerts",
      type: cloudEventType("alert-transition"),
      subject: rule,
      time: at,
      datacontenttype: "application/json",
      ...traceOf(transition),
      data: transition,
    }),
  };
}

/** Events of a stream that nobody can carry any more: the stream let go of them first. */
export interface MissedEvents {
  /** The record before them and the one behind: `<run>.<seq>..<run>.<seq>`. */
  readonly range: string;
  /** How many at most; kinds that are not carried are among them. */
  readonly events: number;
}

/** What a tear in a stream comes to. */
export function missedIn({ after, before }: Tear): MissedEvents {
  const range = `${after.run}.${after.seq}..${before.run}.${before.seq}`;
  // A gateway that got a new disk counts from 1 again: then all before it is what is known.
  const events = before.seq > after.seq ? before.seq - after.seq - 1 : before.seq - 1;
  return { range, events };
}

/** The letter that says so, in the place of what is missing; its id is the same whenever it is made. */
export function gapLetter(
  missed: MissedEvents,
  { gateway, site, stream }: DiscoveredGateway,
  timeMs: EpochMs,
): Letter {
  const id = `${gateway}.bridge-gap.${missed.range}`;
  return {
    id,
    lane: `${stream} `,
    key: gateway,
    isAlert: false,
    stream,
    streamSeq: undefined,
    natsSubject: eventSubject({ site, gateway, device: null, kind: "gap" }),
    timeMs,
    labels: { site, gateway, device: "", kind: "gap" },
    carriedBy: [],
    text: JSON.stringify({
      specversion: "1.0",
      id,
      source: `/${escapeToken(site)}/${escapeToken(gateway)}`,
      type: "io.sluicegate.bridge-gap.v1",
      time: formatTime(timeMs),
      datacontenttype: "application/json",
      data: { ...missed, reason: "removed-by-retention" },
    }),
  };
}
