/** What `top` shows on a terminal: from the way to the backbone down to the single device. */
import { formatDuration } from "../core/duration.ts";
import { formatTime } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";
import { factLines } from "../screen/fact-lines.ts";
import { type Line, type Span, span } from "../screen/line.ts";
import type { Look } from "../screen/look.ts";
import type { Size } from "../screen/painter.ts";
import { shown } from "../screen/render-line.ts";
import { tableLines } from "../screen/table.ts";
import { padText } from "../screen/text-width.ts";
import { countAlerts, type TopMoment } from "./top-alerts.ts";
import { deviceHead, deviceLines, toneOf } from "./top-devices.ts";
import {
  ageOf,
  bufferFacts,
  commandFacts,
  flowFacts,
  linkFacts,
  sourceFacts,
} from "./top-facts.ts";
import { orderKeys, type TopView } from "./top-view.ts";

/** More are only counted. */
const mostAlerts = 8;
/** On fewer rows there is one for each label: alerts and devices want room, too. */
const lowRows = 20;

export interface TopPage extends TopMoment {
  readonly view: TopView;
  readonly look: Look;
}

/** As many rows as there are, with the keys in the last: those at the top matter most. */
export function topLines(page: TopPage, size: Size): readonly Line[] {
  const rows = pageLines(page, { ...size, rows: size.rows - 1 }).slice(0, size.rows - 1);
  while (rows.length < size.rows - 1) rows.push([]);
  return [...rows, footLine(page)];
}

/** The same without keys, for whoever reads it as text. */
export function pageLines(page: TopPage, size: Size): Line[] {
  const { glance, view } = page;
  const head = [titleLine(page, size), ...staleLines(page, size)];
  const body = view.isHelp ? helpLines() : bodyLines(page, size, size.rows - head.length);
  return [...head, ...(glance.stale ? body.map(faint) : body)];
}

/** Devices that fit below each other. */
export function devicePage(page: TopPage, size: Size): number {
  const { above } = layOut(page, size, size.rows - 2);
  return Math.max(1, size.rows - 2 - above.length - 2);
}

function bodyLines(page: TopPage, size: Size, rows: number): readonly Line[] {
  const { glance, look, view } = page;
  const { above } = layOut(page, size, rows);
  if (glance.gateway === undefined) return above;
  const room = { columns: size.columns, rows: rows - above.length - 1, look };
  return [...above, deviceHead(glance, view), ...deviceLines(glance, view, page.alerts, room)];
}

/** All that stands above the devices; alerts take a third of what is left, where there are so many. */
function layOut(page: TopPage, size: Size, rows: number): { readonly above: readonly Line[] } {
  const facts = gatewayLines(page, size);
  const left = rows - facts.length - 2;
  const room = Math.max(1, Math.min(mostAlerts, Math.floor(left / 3)));
  return { above: [...facts, ...alertLines(page, size, room)] };
}

function gatewayLines({ glance, look }: TopPage, { columns, rows }: Size): readonly Line[] {
  const { gateway, nowMs } = glance;
  const lines = (label: string, facts: readonly Span[], most: number): readonly Line[] =>
    factLines(label, facts, columns, look).slice(0, rows < lowRows ? 1 : most);
  if (gateway === undefined) {
    const answering = Object.entries(glance.roles).filter(([, facts]) => isObject(facts));
    const roles = answering.map(([name]) => name).join(", ");
    return lines("Gateway", [span(`none runs here; what answers: ${roles}`)], 1);
  }
  return [
    ...lines("Link", linkFacts(glance, gateway), 2),
    ...lines("Buffer", bufferFacts(glance, gateway), 3),
    ...lines("Flow", flowFacts(gateway), 2),
    ...lines("Commands", commandFacts(gateway), 2),
    ...lines("Sources", sourceFacts(gateway, nowMs), 3),
    ...consoleLines(glance.roles),
  ];
}

/** Where the page of this process is served, if it is. */
function consoleLines(roles: object): readonly Line[] {
  const address: unknown = "web" in roles ? roles.web : undefined;
  return typeof address === "string" ? [[span("Console   ", "faint"), span(address)]] : [];
}

function alertLines(page: TopPage, { columns }: Size, room: number): readonly Line[] {
  const { alerts, glance, hubAnswers, look } = page;
  const hub = hubAnswers ? "" : "   those of the hub are not known: no backbone answers";
  const first = alerts.length > room ? alerts.slice(0, Math.max(1, room - 1)) : alerts;
  const more = room > 1 ? alerts.length - first.length : 0;
  const rows = first.map((alert) => [
    { text: `  ${signs[alert.severity]} ${alert.severity}`, tone: toneOf(alert) },
    { text: alert.rule },
    { text: alert.about },
    { text: alert.state },
    { text: ageOf(alert.sinceMs, glance.nowMs) },
    { text: alert.judgedAt },
  ]);
  return [
    [span("Alerts    ", "faint"), span(countAlerts(alerts)), span(hub, "faint")],
    ...tableLines(alertColumns, rows, columns, look).slice(1),
    ...(more > 0 ? [[span(`    and ${more} more: sluicegate alerts ls`, "faint")]] : []),
  ];
}

const signs = { critical: "▲", warning: "▲", info: "·" } as const;
const alertColumns = [
  { head: "" },
  { head: "", most: 40, least: 10 },
  { head: "", most: 40, least: 10 },
  { head: "", leaves: 1 },
  { head: "", align: "right" as const },
  { head: "", leaves: 2 },
];

function titleLine({ glance, look }: TopPage, { columns }: Size): Line {
  const { gateway, nowMs } = glance;
  const where = gateway
    ? `${gateway.site}/${gateway.gateway}   up ${formatDuration(gateway.uptimeMs)}`
    : "";
  const said = shown(` sluicegate top   ${where}`, look);
  const time = ` ${formatTime(nowMs).slice(11, 19)} UTC `;
  return [span(padText(said, columns - time.length, shown("…", look)) + time, "title")];
}

function staleLines({ glance: { nowMs, stale }, look }: TopPage, size: Size): readonly Line[] {
  if (stale === undefined) return [];
  const { reason, sinceMs } = stale;
  const ago = ageOf(sinceMs, nowMs);
  const at = formatTime(sinceMs).slice(11, 19);
  const facts = [span(`since ${at} (${ago}): what stands here is of then`, "alarm"), span(reason)];
  return factLines("STALE", facts, size.columns, look).slice(0, 2);
}

function footLine({ view }: TopPage): Line {
  if (view.typing !== undefined)
    return [span(`filter: ${view.typing}_`, "strong"), span("   Enter keeps it, Esc clears it")];
  return [span("q ends   ? keys   / filter   w worst   n name   r rate   l last heard", "faint")];
}

function helpLines(): readonly Line[] {
  const keys = [
    ["q, Ctrl-C", "end"],
    ["?", "these keys, and back"],
    ["/", "only devices with this in name, profile or state; Esc: all again"],
    ...orderKeys.map(([key, , words]) => [key, `devices ${words}`]),
    ["arrows, pages", "other devices: Up, Down, Page Up, Page Down, Home, End"],
    ["Ctrl-L", "draw all anew"],
    ["Ctrl-Z", "stop, with the terminal given back; fg goes on"],
  ];
  return [
    [],
    ...keys.map(([key = "", words = ""]) => [
      span(`  ${key}`.padEnd(16), "strong"),
      span(` ${words}`),
    ]),
  ];
}

function faint(line: Line): Line {
  return line.map(({ text }) => span(text, "faint"));
}
