/** The devices that `top` shows, a row each. */
import type { EpochMs } from "../core/clock.ts";
import { rankOf } from "../core/severity-rank.ts";
import { type Line, span, type Tone } from "../screen/line.ts";
import type { Look } from "../screen/look.ts";
import { type Cell, type Column, tableLines } from "../screen/table.ts";
import { listOf, textOf } from "./devices-text.ts";
import type { TopAlert } from "./top-alerts.ts";
import { ageOf, amount, rate } from "./top-facts.ts";
import { orderKeys, type TopView } from "./top-view.ts";
import type { Glance } from "./top-watch.ts";

type Row = Readonly<Record<string, unknown>>;

const columns: readonly Column[] = [
  { head: "DEVICE", most: 40, least: 20 },
  { head: "STATE" },
  { head: "LAST", align: "right" },
  { head: "RATE", align: "right", leaves: 1 },
  { head: "EVENTS", align: "right", leaves: 4 },
  { head: "REJECTED", align: "right", leaves: 2 },
  { head: "REPEATS", align: "right", leaves: 3 },
  { head: "ALERTS", leaves: 1 },
  { head: "PROFILE", most: 32, least: 14, leaves: 5 },
];

/** `Devices   118 ok, 1 silent   worst first   filter "free"`. */
export function deviceHead({ devices, gateway }: Glance, view: TopView): Line {
  const counts = Object.entries(gateway?.deviceStates ?? {});
  const said = counts.map(([state, count]) => `${amount(count)} ${stateText(state)}`).join(", ");
  const [, , words = ""] = orderKeys.find(([, order]) => order === view.order) ?? [];
  const found = view.search === "" ? "" : `   ${textOf(devices?.["total"])} with "${view.search}"`;
  return [
    span("Devices   ", "faint"),
    span(said === "" ? amount(gateway?.devices ?? 0) : said),
    span(`   ${words}${found}`, "faint"),
  ];
}

/** As many devices as fit below each other, with their head. */
export function deviceLines(
  { devices, nowMs }: Glance,
  { above, order }: TopView,
  alerts: readonly TopAlert[],
  room: { readonly columns: number; readonly rows: number; readonly look: Look },
): readonly Line[] {
  if (room.rows < 2) return [];
  const rows = listOf(devices?.["devices"]);
  if (rows.length === 0) return [[span("          none", "faint")]];
  const byDevice = new Map<string | undefined, TopAlert[]>();
  for (const alert of alerts)
    byDevice.set(alert.device, [...(byDevice.get(alert.device) ?? []), alert]);
  const alertsOf = (row: Row): readonly TopAlert[] => byDevice.get(textOf(row["device"])) ?? [];
  const rank = (row: Row): number => rankOf(alertsOf(row)[0]?.severity ?? "info");
  const isFiring = (row: Row): number => (alertsOf(row).length > 0 ? 0 : 1);
  const ordered =
    order === "worst"
      ? rows.toSorted((one, other) => isFiring(one) - isFiring(other) || rank(one) - rank(other))
      : rows;
  const most = room.rows - 1;
  const from = firstShown(above, rows.length, most);
  const cells = ordered.slice(from, from + most).map((row) => cellsOf(row, alertsOf(row), nowMs));
  return tableLines(columns, cells, room.columns, room.look);
}

/** The first row that is shown: the last page is a whole one. */
export function firstShown(above: number, total: number, page: number): number {
  return Math.max(0, Math.min(above, total - page));
}

function cellsOf(row: Row, alerts: readonly TopAlert[], nowMs: EpochMs): Cell[] {
  const { device, everyMs, events, lastMs, profile, rejected, repeats, state } = row;
  const last = typeof lastMs === "number" ? ageOf(lastMs, nowMs) : "never";
  const [worst] = alerts;
  return [
    { text: textOf(device) },
    { text: stateText(textOf(state)), tone: state === "ok" ? "plain" : "warning" },
    { text: last },
    { text: typeof everyMs === "number" ? rateText(everyMs) : "-" },
    { text: countText(events) },
    { text: countText(rejected), tone: rejected === 0 ? "plain" : "warning" },
    { text: countText(repeats) },
    worst ? { text: `${alerts.length} ${worst.severity}`, tone: toneOf(worst) } : { text: "" },
    { text: textOf(profile) },
  ];
}

export function toneOf({ severity, state }: TopAlert): Tone {
  if (severity === "critical") return state === "acknowledged" ? "strong" : "alarm";
  return severity === "warning" ? "warning" : "plain";
}

/** `2.0/s`, `1/min`: in the unit in which there is one. */
function rateText(everyMs: number): string {
  const perSecond = 1_000 / Math.max(1, everyMs);
  if (perSecond >= 0.1) return `${rate(perSecond)}/s`;
  const perMinute = perSecond * 60;
  return perMinute >= 0.1 ? `${perMinute.toFixed(1)}/min` : `${(perMinute * 60).toFixed(1)}/h`;
}

function countText(value: unknown): string {
  return typeof value === "number" ? amount(value) : "-";
}

function stateText(state: string): string {
  return state === "never" ? "never heard" : state.replaceAll("-", " ");
}
