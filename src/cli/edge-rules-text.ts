/** The rules that a gateway evaluates itself, as `status` shows them. */
import type { EdgeRulesStatus } from "../gateway/gateway-status.ts";
import type { OpenAlert } from "../processor/open-alerts.ts";
import { aboutOf } from "./alerts-text.ts";

const mostAlerts = 8;

/** Nothing where there are none. */
export function edgeRuleLines(status: EdgeRulesStatus | undefined): string[] {
  if (status === undefined) return [];
  const { behind, firing, mishaps, receivers, rules } = status;
  const open = sumOf(firing.counts);
  const strange = sumOf(mishaps);
  const counts = Object.entries(firing.counts).filter(([, count]) => count > 0);
  const said = counts.map(([severity, count]) => `${count} ${severity}`).join(", ");
  const trouble = strange > 0 ? `   mishaps ${strange}` : "";
  return [
    `Rules     ${rules} evaluated here   ${behind} records to judge   ${open > 0 ? `${said} firing` : "none firing"}${trouble}`,
    ...firing.first.slice(0, mostAlerts).map(alertLine),
    ...(open > mostAlerts ? [`          and ${open - mostAlerts} more`] : []),
    ...receivers.map(receiverLine),
  ];
}

/** An alert that fires. */
export function alertLine({ labels, rule, severity, stale, started_at }: OpenAlert): string {
  return `          ${severity}   ${rule}   ${aboutOf(labels)}   since ${started_at}${stale ? "   stale" : ""}`;
}

function receiverLine({
  delivered,
  givenUp,
  name,
  trouble,
  waiting,
}: EdgeRulesStatus["receivers"][number]): string {
  return [
    `          tells ${name}`,
    `delivered ${delivered}`,
    `waiting ${waiting}`,
    ...(givenUp > 0 ? [`given up ${givenUp}`] : []),
    ...(trouble === undefined ? [] : [trouble]),
  ].join("   ");
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}
