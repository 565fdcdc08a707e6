/** `sluicegate history rebuild|check|refused|retry`: history in the database, and what is not in it. */
import { type HistoryDesk, openHistoryDesk } from "../app/history-desk.ts";
import { systemClock } from "../app/system-clock.ts";
import { parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { createLogger } from "../telemetry/logger.ts";
import { backboneServersOf } from "./backbone-servers.ts";
import { printAnswer } from "./print-answer.ts";
import { printLines } from "./print-table.ts";
import { siteOf } from "./site.ts";

export interface HistoryOptions {
  readonly config: string;
  readonly nats?: string;
  readonly since?: string;
  readonly output?: "text" | "json";
}

/** Writes everything again that the streams hold; exit 1 where points were refused. */
export async function rebuildHistory(options: HistoryOptions): Promise<void> {
  const sinceMs = sinceOf(options.since);
  await atDesk(options, async (desk) => {
    const streams = [];
    for await (const part of desk.rebuild(sinceMs)) {
      const { messages, points, stream } = part;
      if (options.output !== "json")
        printLines([`${stream}   ${messages} messages   ${points} points`]);
      streams.push({ stream, messages, points });
    }
    const refused = desk.refusedNow();
    const written = streams.reduce((sum, { points }) => sum + points, 0) - refused;
    printAnswer(options, "history-rebuilt/1", { streams, written, refused }, () => [
      `${written} points written, ${refused} refused`,
    ]);
    if (refused > 0) process.exitCode = 1;
  });
}

/** Counts and sums each device's numbers of each day in streams and database; exit 1 where they differ. */
export async function checkHistory(options: HistoryOptions): Promise<void> {
  await atDesk(options, async (desk) => {
    const { alike, devices, differing, outside } = await desk.check();
    printAnswer(options, "history-check/1", { alike, devices, differing, outside }, () => [
      ...differing,
      ...(outside > 0
        ? [`${outside} numbers stand at times at which the database keeps nothing: left out`]
        : []),
      `${alike} of ${devices} devices are alike`,
      ...(differing.length > 0
        ? [
            "(what a historian has not written yet is missing, too: sluicegate status; " +
              "VictoriaMetrics shows points some seconds after they came)",
          ]
        : []),
    ]);
    if (differing.length > 0) process.exitCode = 1;
  });
}

/** Prints points that the database refuses, one a line. */
export async function showRefused(options: HistoryOptions): Promise<void> {
  await atDesk(options, async (desk) => {
    const points = (await desk.refused()).map(({ at, line, reason }) => ({ at, line, reason }));
    printAnswer(options, "refused-points/1", { points }, () =>
      points.length === 0
        ? ["no refused points"]
        : points.flatMap(({ at, line, reason }) => [`${at} ${line}`, `  ${reason}`]),
    );
  });
}

/** Writes them again, once each; exit 1 when some are left. */
export async function retryRefused(options: HistoryOptions): Promise<void> {
  await atDesk(options, async (desk) => {
    const resent = await desk.retry();
    const left = resent.flatMap((one) =>
      one.stored ? [] : [{ line: one.point.line, reason: one.reason }],
    );
    const stored = resent.length - left.length;
    printAnswer(options, "points-retried/1", { stored, left }, () => [
      ...left.flatMap(({ line, reason }) => [`left: ${line}`, `  ${reason}`]),
      `${stored} of ${resent.length} points stored`,
    ]);
    if (left.length > 0) process.exitCode = 1;
  });
}

async function atDesk(
  options: HistoryOptions,
  work: (desk: HistoryDesk) => Promise<void>,
): Promise<void> {
  const site = await siteOf(options.config);
  const servers = await backboneServersOf(site, options);
  const journal = createLogger({
    level: "warn",
    destination: process.stderr,
    clock: systemClock,
  });
  const desk = await openHistoryDesk(site, servers, journal.child("history"));
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}

/** A time, or how long ago; everything where nothing is said. */
function sinceOf(text: string | undefined): number {
  if (text === undefined) return Number.NEGATIVE_INFINITY;
  const agoMs = parseDuration(text);
  const ms = agoMs === undefined ? Date.parse(text) : systemClock.wallMs() - agoMs;
  if (Number.isFinite(ms)) return ms;
  throw new GatewayError(
    "usage",
    `--since ${text} is no time; write 2h, 3d or 2026-11-21T14:00:00Z`,
  );
}
