/** What was known of a device or an alert at a moment, for people and as JSON. */
import type { AlertView } from "../alerts/alert-view.ts";
import { stateWords } from "../alerts/display-state.ts";
import type { AlertsAt } from "../app/alerts-at.ts";
import type { DeviceStateAt } from "../app/device-state-at.ts";
import type { AlertTransition } from "../core/alert.ts";
import type { EpochMs } from "../core/clock.ts";
import { counted } from "../core/counted.ts";
import { formatDuration } from "../core/duration.ts";
import type { Origin } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import { formatQuantity } from "../core/unit.ts";
import type { Known } from "../past/device-state.ts";
import type { Moment } from "../past/moment.ts";
import { alertLines, nameOfAlert, notesOf, plainAlert } from "./alerts-text.ts";
import { columns } from "./print-table.ts";

/** Of values that came after the moment, and of clocks that are ahead. */
const lateMs = 60_000;

export function deviceStateLines(
  { gateway, site }: Origin,
  device: string,
  { cameLater, state }: DeviceStateAt,
  alerts: readonly AlertView[],
  moment: Moment,
): string[] {
  const { atMs } = moment;
  const head = [`${device}   ${site}/${gateway}   ${momentWords(moment)}`];
  if (state.events === 0)
    return [...head, "nothing was known of it", ...laterLines(cameLater, moment)];
  const { profile, record, status } = state;
  const link = status
    ? `${status.state} (${status.cause}) since ${sinceWords(status, atMs)}`
    : "nothing said";
  const tags = Object.entries(record?.record.tags ?? {}).map(([name, text]) => `${name}: ${text}`);
  const values = state.values.map((value) => [
    `  ${value.name}`,
    formatQuantity(value.value, value.unit),
    value.quality,
    sinceWords(value, atMs),
    cameWords(value),
  ]);
  return [
    ...head,
    `Profile   ${profile ?? "-"}${record ? `   told ${formatTime(record.timeMs)}` : ""}`,
    ...(tags.length > 0 ? [`Tags      ${tags.join(", ")}`] : []),
    `Link      ${link}`,
    values.length > 0 ? "Values" : "Values    none",
    ...columns(values),
    ...(state.leftOut > 0 ? [`  and ${counted(state.leftOut, "more value")}, not shown`] : []),
    alerts.length > 0 ? "Alerts" : "Alerts    none",
    ...(alerts.length > 0 ? alertLines(alerts, atMs).map((line) => `  ${line}`) : []),
    ...laterLines(cameLater, moment),
  ];
}

export function alertStateLines(
  head: AlertTransition,
  view: AlertView | undefined,
  { cameLater, later }: AlertsAt,
  moment: Moment,
): string[] {
  const { atMs } = moment;
  const next = later.get(head.instance);
  const first = `${nameOfAlert(head)}   ${view ? stateWords(view.state) : "normal"}   ${momentWords(moment)}`;
  const soon = next
    ? [`Then      ${next.state} ${next.severity} (${next.reason}) at ${next.at}`]
    : [];
  const identity = [`Id        ${head.instance}`, `Rule      ${head.rule}`];
  if (!view?.last) return [first, ...identity, "it had not fired before", ...soon];
  const { ended_at, episode, fired_at, limit, n, severity, started_at, unit, value } = view.last;
  const against = limit === undefined ? "" : ` (limit ${String(limit)})`;
  return [
    first,
    ...identity,
    `Episode   ${episode}.${n}   ${severity}   ${view.last.state} (${view.last.reason})`,
    `Began     ${started_at}, fired ${fired_at}, ${agoWords(Date.parse(fired_at), atMs)}`,
    ...(ended_at === null ? [] : [`Ended     ${ended_at}`]),
    ...(value === undefined ? [] : [`Value     ${formatQuantity(value, unit)}${against}`]),
    ...notesOf(view).map((note) => `          ${note}`),
    ...soon,
    ...laterLines(cameLater, moment, "transition"),
  ];
}

export function plainDeviceState(
  origin: Origin,
  device: string,
  { cameLater, state }: DeviceStateAt,
  alerts: readonly AlertView[],
): object {
  return {
    ...origin,
    device,
    profile: state.profile,
    record: state.record,
    status: state.status,
    values: state.values,
    alerts: alerts.map(plainAlert),
    cameLater,
    leftOut: state.leftOut,
  };
}

function momentWords({ asKnown, atMs }: Moment): string {
  return `${asKnown ? "as known at" : "at"} ${formatTime(atMs)}`;
}

function laterLines(count: number, { asKnown }: Moment, noun = "event"): string[] {
  if (count === 0) return [];
  const said = `${counted(count, noun)} of before then ${count === 1 ? "was" : "were"} stored later`;
  return [asKnown ? `(${said}, and left out)` : `(${said}; --as-known leaves them out)`];
}

function sinceWords({ timeMs }: Known, atMs: EpochMs): string {
  return `${formatTime(timeMs)}, ${agoWords(timeMs, atMs)}`;
}

function agoWords(timeMs: EpochMs, atMs: EpochMs): string {
  const ms = atMs - timeMs;
  return ms < 0 ? `${formatDuration(-ms)} ahead` : `${formatDuration(ms)} before`;
}

/** What is not said of most: whose clock it was, and that it came late. */
function cameWords({ clock, storedMs, timeMs }: Known): string {
  const late =
    storedMs - timeMs >= lateMs ? [`stored ${formatDuration(storedMs - timeMs)} later`] : [];
  return [...(clock === "unsynced" ? ["clock not set"] : []), ...late].join(", ");
}
