/** `sluicegate alerts stats`: how much the alerts ask of people. */
import { AlarmCounter, type AlarmFigures } from "../alerts/alarm-figures.ts";
import type { AlertView } from "../alerts/alert-view.ts";
import { systemClock } from "../app/system-clock.ts";
import { durationHintFor, parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { nameOfAlert, plainAlert } from "./alerts-text.ts";
import { type AlertsOptions, atAlertDesk } from "./at-alert-desk.ts";
import { printAnswer } from "./print-answer.ts";
import { columns } from "./print-table.ts";

const dayMs = 86_400_000;
const mostListed = 10;

/** Prints five figures. */
export async function showFigures(
  options: AlertsOptions & { readonly since: string },
): Promise<void> {
  const sinceMs = parseDuration(options.since);
  if (!sinceMs)
    throw new GatewayError("usage", `--since ${options.since}: ${durationHintFor(options.since)}`);
  await atAlertDesk(options, async (desk) => {
    const nowMs = systemClock.wallMs();
    const counter = new AlarmCounter(nowMs - sinceMs, nowMs);
    const { board } = await desk.read((transition) => counter.take(transition));
    const standing = [...board.views(nowMs)].filter(
      ({ standingSinceMs }) => standingSinceMs !== undefined && nowMs - standingSinceMs > dayMs,
    );
    const figures = counter.figures();
    printAnswer(
      options,
      "alert-figures/1",
      { since: options.since, ...figures, standing: standing.map(plainAlert) },
      () => figureLines(options.since, figures, standing),
    );
  });
}

function figureLines(
  since: string,
  { activations, chattering, floodShare, perHour, top, topShare }: AlarmFigures,
  standing: readonly AlertView[],
): string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `Alerts that fired       ${activations} in ${since}, ${perHour.toFixed(2)} an hour`,
    `Floods                  ${percent(floodShare)} of periods of 10 minutes had more than 10`,
    `Chattering              ${chattering.length} fired three times within a minute`,
    ...chattering.slice(0, mostListed).map((actor) => `  ${nameOfAlert(actor)}`),
    `Standing                ${standing.length} fire for more than 24 hours`,
    ...standing
      .slice(0, mostListed)
      .flatMap(({ last }) => (last ? [`  ${nameOfAlert(last)}`] : [])),
    `Those that fired most   ${percent(topShare)} of all`,
    ...columns(top.map((actor) => [`  ${actor.activations}`, nameOfAlert(actor)])),
  ];
}
