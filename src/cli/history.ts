/** `sluicegate history rebuild|check|refused|retry`: history in the database, and what is not in it. */
import { type HistoryDesk, openHistoryDesk } from "../app/history-desk.ts";
import { systemClock } from "../app/system-clock.ts";
import { parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { createLogger } from "../telemetry/logger.ts";
import { backboneServersOf } from "./backbone-servers.ts";
import { siteOf } from "./site.ts";

export interface HistoryOptions {
  readonly config: string;
  readonly nats?: string;
  readonly since?: string;
}

/** Writes everything again that the streams hold; exit 1 where points were refused. */
export async function rebuildHistory(options: HistoryOptions): Promise<void> {
  const sinceMs = sinceOf(options.since);
  await atDesk(options, async (desk) => {
    let total = 0;
    for await (const { messages, points, stream } of desk.rebuild(sinceMs)) {
      print(`${stream}   ${messages} messages   ${points} points`);
      total += points;
    }
    const refused = desk.refusedNow();
    print(`${total - refused} points written, ${refused} refused`);
    if (refused > 0) process.exitCode = 1;
  });
}

/** Counts and sums each device's numbers of each day in streams and database; exit 1 where they differ. */
export async function checkHistory(options: HistoryOptions): Promise<void> {
  await atDesk(options, async (desk) => {
    const { alike, devices, differing, outside } = await desk.check();
    for (const line of differing) print(line);
    if (outside > 0)
      print(`${outside} numbers stand at times at which the database keeps nothing: left out`);
    print(`${alike} of ${devices} devices are alike`);
    if (differing.length > 0)
      print(
        "(what a historian has not written yet is missing, too: sluicegate status; " +
          "VictoriaMetrics shows points some seconds after they came)",
      );
    if (differing.length > 0) process.exitCode = 1;
  });
}

/** Prints points that the database refuses, one a line. */
export async function showRefused(options: HistoryOptions): Promise<void> {
  await atDesk(options, async (desk) => {
    const points = await desk.refused();
    for (const { at, line, reason } of points) print(`${at} ${line}\n  ${reason}`);
    if (points.length === 0) print("no refused points");
  });
}

/** Writes them again, once each; exit 1 when some are left. */
export async function retryRefused(options: HistoryOptions): Promise<void> {
  await atDesk(options, async (desk) => {
    const resent = await desk.retry();
    const left = resent.filter(({ stored }) => !stored);
    for (const one of left) if (!one.stored) print(`left: ${one.point.line}\n  ${one.reason}`);
    print(`${resent.length - left.length} of ${resent.length} points stored`);
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

function print(text: string): void {
  process.stdout.write(
    text
      .split("\n")
      .map((line) => `${printable(line)}\n`)
      .join(""),
  );
}
