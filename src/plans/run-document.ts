/** A run as it stands in the stream of plans: a CloudEvent that holds all of it. */
import { formatTime } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";
import { escapeToken } from "../core/token.ts";
import type { PlanRun } from "./plan-run.ts";
import { parseRun } from "./run-schema.ts";

export const planRunType = "io.sluicegate.plan-run.v1";

/** A request is never larger. */
export const mostRequestBytes = 128 * 1024;
/** A run never grows beyond this: what it may hold of answers and reasons is bounded, too. */
export const mostRunBytes = 512 * 1024;

export function encodeRun(run: PlanRun): string {
  return JSON.stringify({
    specversion: "1.0",
    id: `${run.run}.${run.change}`,
    source: `/${escapeToken(run.site)}/plans`,
    type: planRunType,
    subject: run.run,
    time: formatTime(run.changedMs),
    datacontenttype: "application/json",
    data: run,
  });
}

/** Undefined when it is no run, or not the one that it says. */
export function decodeRun(body: Uint8Array): PlanRun | undefined {
  if (body.length > mostRunBytes) return undefined;
  let event: unknown;
  try {
    event = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
  if (!isObject(event) || event["type"] !== planRunType) return undefined;
  const run = parseRun(event["data"]);
  return run?.run === event["subject"] ? run : undefined;
}
