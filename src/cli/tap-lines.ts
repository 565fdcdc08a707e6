/** Events as one line for people. */

import { describeBody } from "../app/event-text.ts";
import { formatDuration } from "../core/duration.ts";
import type { GatewayEvent, StoredEvent } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import { printable } from "../core/printable.ts";
import type { TapLine } from "../telemetry/tap-stream.ts";

/** `14:20:13.180 freezer-07 temperature -11.4 °C · door false +24ms seq 918273` */
export function describeEvent(event: StoredEvent): string {
  return printable(`${describeFacts(event)} seq ${event.position.seq}`);
}

/** A line of a tap at the gateway. */
export function describeTapLine(line: Extract<TapLine, { kind: "event" }>): string {
  const { device, facts } = line;
  if (isEvent(facts)) return printable(describeFacts(facts));
  const { receivedMs, topic, payload } = facts;
  return printable(`${clockTime(receivedMs)} ${device ?? "-"} ${String(topic)} ${String(payload)}`);
}

/** `14:20:13.180 freezer-07 temperature -11.4 °C +24ms` */
export function describeFacts(event: GatewayEvent): string {
  const delay = describeDelay(event.receivedMs - event.timeMs);
  return `${clockTime(event.timeMs)} ${event.device ?? "="} ${describeBody(event)} ${delay}`;
}

/** How long after its time an event was received; with a minus where the device's clock is ahead. */
export function describeDelay(ms: number): string {
  const size = Math.abs(ms);
  return (ms < 0 ? "-" : "+") + (size < 10_000 ? `${size}ms` : formatDuration(size));
}

function clockTime(ms: unknown): string {
  return typeof ms === "number" ? formatTime(ms).slice(11, 23) : "--:--:--.---";
}

/** The facts of the stages behind normalize are events. */
function isEvent(facts: object): facts is GatewayEvent {
  return "kind" in facts && "data" in facts && "timeMs" in facts;
}
