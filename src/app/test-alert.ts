/** An alert that is none, told to a receiver of a site. */
import type { LoadedSite } from "../config/site/load-site.ts";
import type { SiteFiles } from "../config/site/site-files.ts";
import type { AlertTransition, Severity } from "../core/alert.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import { openReceiver } from "../notify/open-receiver.ts";
import type { Delivery, Notice } from "../notify/receiver.ts";
import { createLineOutput } from "../telemetry/line-output.ts";
import { receiverSurroundings } from "./receiver-surroundings.ts";
import { systemClock } from "./system-clock.ts";

export interface ToldTestAlert {
  readonly state: AlertTransition["state"];
  readonly delivery: Delivery;
}

/**
 * Says that it fires, and where that was taken that it ended, so that nothing stays. Throws `usage` where
 * the site has no such receiver.
 */
export async function* tellTestAlert(
  site: LoadedSite,
  files: SiteFiles,
  name: string,
  severity: Severity,
): AsyncGenerator<ToldTestAlert, void, void> {
  const { receivers } = site.config.notify;
  const options = receivers[name];
  if (options === undefined)
    throw new GatewayError(
      "not-found",
      `no receiver is named ${name}; there are ${Object.keys(receivers).join(", ")}`,
    );
  const lines = createLineOutput(process.stdout, () => {});
  const surroundings = receiverSurroundings(site, files, systemClock, lines.write);
  const receiver = await openReceiver(options, surroundings);
  const startedMs = systemClock.wallMs();
  for (const state of ["firing", "ended"] as const) {
    const notice = noticeOf(site.config.site, severity, state, startedMs, systemClock.wallMs());
    const delivery = await receiver.deliver(notice, new AbortController().signal);
    yield { state, delivery };
    if (delivery.kind !== "delivered") return;
  }
}

function noticeOf(
  site: string,
  severity: Severity,
  state: AlertTransition["state"],
  startedMs: number,
  nowMs: number,
): Notice {
  const episode = `test-${startedMs.toString(16)}`;
  const n = state === "firing" ? 1 : 2;
  const now = formatTime(nowMs);
  const transition: AlertTransition = {
    schema: "alert.transition/1",
    id: `${episode}.${n}`,
    episode,
    n,
    instance: "sluicegate-test",
    rule: "sluicegate/Test",
    rule_rev: "test",
    state,
    reason: state === "firing" ? "for_elapsed" : "normal",
    severity,
    late: false,
    stale: false,
    labels: { site, test: "true" },
    annotations: { summary: "This is a test of the receiver; nothing is wrong." },
    handling: { ack_required: false },
    started_at: formatTime(startedMs),
    fired_at: formatTime(startedMs),
    ended_at: state === "ended" ? now : null,
    at: now,
    observed_at: now,
  };
  return {
    id: transition.id,
    cause: "change",
    alerts: [{ transition, changes: 1 }],
    group: undefined,
    leftOut: 0,
    sentAt: now,
    attempt: 1,
    lateByReceiver: false,
  };
}
