/** What one row of what flows shows. */
import type { LiveRow } from "../../../api/shapes/live.ts";
import { deviceKey } from "../../../core/device-key.ts";
import type { GatewayEvent, Origin } from "../../../core/event.ts";
import { toDeviceId } from "../../../core/ids.ts";
import { printable } from "../../../core/printable.ts";
import type { TapFacts } from "../../../core/taps.ts";
import { describeBody } from "../../event-text.ts";

const mostTextCharacters = 400;
/** A device may have a thousand metrics; a row is for reading. */
const mostJsonCharacters = 16_384;

/** An event that has its place: its id, and all of it as it stands in the stream. */
export interface SentEvent {
  readonly id: string;
  readonly text: string;
}

export function liveRow(
  origin: Origin,
  device: string | null,
  facts: TapFacts,
  sent?: SentEvent,
): LiveRow {
  const shown = isEvent(facts) ? shownEvent(facts) : shownMessage(facts);
  const { receivedMs } = facts;
  return {
    atMs: typeof receivedMs === "number" ? receivedMs : 0,
    device,
    deviceKey: device === null ? null : deviceKey(origin, toDeviceId(device)),
    ...shown,
    event: sent?.id ?? null,
    json: bounded(sent?.text ?? JSON.stringify(facts)),
  };
}

function shownEvent(event: GatewayEvent): Pick<LiveRow, "kind" | "timeMs" | "text"> {
  const { kind, timeMs } = event;
  return { kind, timeMs, text: cut(describeBody(event)) };
}

function shownMessage(facts: TapFacts): Pick<LiveRow, "kind" | "timeMs" | "text"> {
  const { payload, topic } = facts;
  return { kind: null, timeMs: null, text: cut(`${String(topic)} ${String(payload)}`) };
}

function cut(text: string): string {
  const line = printable(text.slice(0, mostTextCharacters));
  return text.length > mostTextCharacters ? `${line}…` : line;
}

function bounded(text: string): unknown {
  if (text.length <= mostJsonCharacters) return JSON.parse(text);
  return {
    cutAt: mostJsonCharacters,
    characters: text.length,
    begins: text.slice(0, mostJsonCharacters),
  };
}

/** The facts of the stages behind normalize are events. */
function isEvent(facts: object): facts is GatewayEvent {
  return "kind" in facts && "data" in facts && "timeMs" in facts;
}
