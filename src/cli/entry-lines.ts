/** Entries of the past as lines for people: at a terminal one row each where their ids leave room, else whole. */
import { describeBody } from "../app/event-text.ts";
import { formatTime } from "../core/event-codec.ts";
import { printable } from "../core/printable.ts";
import { formatQuantity } from "../core/unit.ts";
import type { PastEntry, Told } from "../past/past-entry.ts";
import { describeDelay } from "./tap-lines.ts";

/** What is said of an entry is not cut shorter, however long its id is. */
const leastSaid = 24;

/** `2026-11-21 (UTC, by receipt)`: stands above the first line of each day. */
export function dayLine(ms: number): string {
  return `${formatTime(ms).slice(0, 10)} (UTC, by receipt)`;
}

/** `14:20:13.180 gw1.abcd1234.918273 freezer-07 temperature -11.4 °C +24ms`, cut to so many characters. */
export function entryLine(
  {
    device,
    gateway,
    id,
    receivedMs,
    told,
  }: Omit<PastEntry, "message" | "text" | "stream" | "site">,
  lineCharacters: number,
): string {
  const about = device ?? (gateway === null ? "-" : "=");
  const front = printable(`${formatTime(receivedMs).slice(11, 23)} ${id} `);
  const back = "event" in told ? ` ${describeDelay(receivedMs - told.event.timeMs)}` : "";
  const said = printable(`${about} ${saidBy(told)}`);
  const room = Math.max(leastSaid, lineCharacters - front.length - back.length);
  const shown = said.length > room ? `${said.slice(0, room - 1)}…` : said;
  return front + shown + back;
}

function saidBy(told: Told): string {
  switch (told.kind) {
    case "alert": {
      const { late, reason, rule, severity, state } = told.transition;
      return `${rule} ${state} ${severity} (${reason})${late ? " late" : ""}`;
    }
    case "action":
      return `${told.action.verb} ${told.action.instance} by ${told.action.by}`;
    case "derived": {
      const { endMs, series, unit, value } = told.value;
      return `${series} ${formatQuantity(value, unit)} until ${formatTime(endMs)}`;
    }
    case "command":
      return told.order.order === "command"
        ? `${told.order.command.name} by ${told.order.command.by}`
        : `cancelled by ${told.order.cancel.by}`;
    default:
      return describeBody(told.event);
  }
}
