/** Receivers that a gateway tells itself, joined by hand. */
import type { SiteFiles } from "../config/site/site-files.ts";
import type { AlertTransition } from "../core/alert.ts";
import { formatTime } from "../core/event-codec.ts";
import { traceOf } from "../core/trace-context.ts";
import { openReceiver } from "../notify/open-receiver.ts";
import type { Notice } from "../notify/receiver.ts";
import type { EdgeReceiver } from "../processor/edge/edge-teller.ts";
import { createLineOutput } from "../telemetry/line-output.ts";
import { receiverSurroundings } from "./receiver-surroundings.ts";
import type { RoleSurroundings } from "./role.ts";

/** What waited longer than this was late by the receiver. */
const lateAfterMs = 10_000;

/** Those that the configuration has `at: edge`. Rejects with `config.secret-missing`. */
export async function openEdgeReceivers(
  { clock, logger, site }: RoleSurroundings,
  files: SiteFiles,
): Promise<EdgeReceiver[]> {
  const lines = createLineOutput(process.stdout, (leftOut) =>
    logger("rules").warn("alerts were left out on standard output: its reader was too slow", {
      lines: leftOut,
    }),
  );
  const reach = receiverSurroundings(site, files, clock, (line) => lines.write(line));
  const own = Object.entries(site.config.notify.receivers).filter(([, { at }]) => at === "edge");
  return Promise.all(
    own.map(async ([name, options]) => {
      const receiver = await openReceiver(options, reach);
      return {
        name,
        giveUpAfterMs: receiver.giveUpAfterMs,
        deliver(transition, attempt, waitedMs, signal) {
          const sentAt = formatTime(clock.wallMs());
          const lateByReceiver = waitedMs >= lateAfterMs;
          return receiver.deliver(
            { ...noticeOf(transition), sentAt, attempt, lateByReceiver },
            signal,
          );
        },
      };
    }),
  );
}

/** Nobody acknowledges anything here, so what is over is shown no longer. */
function noticeOf(
  transition: AlertTransition,
): Omit<Notice, "sentAt" | "attempt" | "lateByReceiver"> {
  const shown = { ...transition, handling: { ...transition.handling, ack_required: false } };
  return {
    id: transition.id,
    cause: "change",
    alerts: [{ transition: shown, changes: 1 }],
    group: undefined,
    leftOut: 0,
    trace: traceOf(transition),
  };
}
