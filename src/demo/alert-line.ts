import type { AlertTransition } from "../core/alert.ts";
import { formatQuantity } from "../core/unit.ts";
import type { DemoLines } from "./demo-lines.ts";

/** A transition in one line: `▲` began to fire, `▽` ended; times are those of the script. */
export function alertLine(transition: AlertTransition, lines: DemoLines): string {
  const { labels, rule, state, unit, value } = transition;
  const what = `${rule.split("/").at(-1)} ${labels["device"] ?? ""}`.trim();
  if (state === "ended") {
    const now = value === undefined ? "normal" : formatQuantity(value, unit);
    return `▽ ${what}: ended, now ${now}`;
  }
  const [began, due, learned] = [
    transition.started_at,
    transition.fired_at,
    transition.observed_at,
  ].map((time) => lines.at(Date.parse(time)));
  const late = transition.late ? "late: the link was down" : "not late";
  return `▲ ${what}: began ${began}, fired ${due}, learned ${learned} (${late})`;
}
