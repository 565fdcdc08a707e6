/** What `top` prints where there is no screen: a line for each moment, or all of one as JSON. */
import { formatTime } from "../core/event-codec.ts";
import { listOf } from "./devices-text.ts";
import { countAlerts, type TopMoment } from "./top-alerts.ts";
import { ageOf, amount, bufferFacts, flowFacts, linkText } from "./top-facts.ts";

/** `14:02:11   Linked for 3d4h   0 events wait   in 24.0/s   out 24.0/s   …` */
export function momentLine({ alerts, glance, hubAnswers }: TopMoment): string {
  const { gateway, nowMs, stale } = glance;
  const time = formatTime(nowMs).slice(11, 19);
  if (stale !== undefined)
    return `${time}   STALE since ${formatTime(stale.sinceMs).slice(11, 19)}: ${stale.reason}`;
  const firing = `alerts ${countAlerts(alerts)}${hubAnswers ? "" : " (no backbone answers)"}`;
  if (gateway === undefined) return `${time}   no gateway runs here   ${firing}`;
  const { commands, deviceStates = {}, link } = gateway;
  const states = Object.entries(deviceStates).map(([state, count]) => `${amount(count)} ${state}`);
  return [
    time,
    `${linkText(gateway)} for ${ageOf(link.since, nowMs)}`,
    ...bufferFacts(glance, gateway).map(({ text }) => text),
    ...flowFacts(gateway).map(({ text }) => text),
    `devices ${states.join(", ") || amount(gateway.devices)}`,
    firing,
    `commands ${commands?.waiting ?? 0} waiting`,
  ].join("   ");
}

/** The same with everything in it, as plain values: what the gateway said is as `status` prints it. */
export function momentJson({ alerts, glance, hubAnswers }: TopMoment): object {
  const { devices, gateway, nowMs, stale } = glance;
  return {
    at: formatTime(nowMs),
    stale: stale && { since: formatTime(stale.sinceMs), reason: stale.reason },
    gateway,
    devices: listOf(devices?.["devices"]),
    hubAnswers,
    alerts: alerts.map(({ sinceMs, ...alert }) => ({ ...alert, since: timeOf(sinceMs) })),
  };
}

function timeOf(ms: number | undefined): string | undefined {
  return ms === undefined || Number.isNaN(ms) ? undefined : formatTime(ms);
}
