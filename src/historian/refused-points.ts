/** Dead letters of history: points that the database refuses, noted, and written again by hand. */
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import type { Backbone } from "../stream/backbone.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import { noteRefusedPoints, type RefusedPoint } from "../stream/history-rejected.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { historyRejectedStreamContract } from "../stream/stream-contract.ts";
import type { Database } from "./database.ts";
import type { RefusedLine } from "./store-points.ts";

const backoffLimits = { baseMs: 500, maxMs: 10_000 };

export interface RefusedDependencies {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** True once all are stored on the backbone, however long that takes; false at the signal. */
export async function noteRefused(
  refused: readonly RefusedLine[],
  at: string,
  signal: AbortSignal,
  { backbone, backboneOptions, clock, logger, random }: RefusedDependencies,
): Promise<boolean> {
  const points = refused.map((one) => toPoint(one, "refused", at));
  logger.error("the database refuses points; sluicegate history refused shows them", {
    points: points.length,
    reason: points[0]?.reason,
  });
  const backoff = new Backoff(backoffLimits, random);
  while (!signal.aborted) {
    try {
      const connection = await backbone.connected(signal);
      await ensureStream(connection, historyRejectedStreamContract(backboneOptions));
      await noteRefusedPoints(connection, points);
      return true;
    } catch (thrown) {
      const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot note");
      logger.debug("refused points were not noted yet", { reason: message });
      await sleep(clock, backoff.nextMs(), signal);
    }
  }
  return false;
}

/** What became of a dead letter that was written again. */
export type Resent =
  | { readonly point: RefusedPoint; readonly stored: true }
  | { readonly point: RefusedPoint; readonly stored: false; readonly reason: string };

/** Writes each again, by itself. */
export async function resendRefused(
  points: readonly RefusedPoint[],
  database: Database,
  signal: AbortSignal,
): Promise<readonly Resent[]> {
  const resent: Resent[] = [];
  for (const point of points) {
    const outcome = await database.write([point.line], signal);
    if (outcome.kind === "stored") resent.push({ point, stored: true });
    else if (outcome.kind === "expired")
      resent.push({ point, stored: false, reason: "it is older than the database keeps anything" });
    else if (outcome.kind === "too-large")
      resent.push({ point, stored: false, reason: "it is too large for the database" });
    else resent.push({ point, stored: false, reason: outcome.reason });
  }
  return resent;
}

/** What is noted of a point that was taken after all. */
export function takenAfterAll({ line, reason }: RefusedPoint, clock: Clock): RefusedPoint {
  return toPoint({ line, reason }, "stored", formatTime(clock.wallMs()));
}

function toPoint(
  { line, reason }: RefusedLine,
  outcome: RefusedPoint["outcome"],
  at: string,
): RefusedPoint {
  return { schema: "history.point/1", outcome, line, reason, at };
}
