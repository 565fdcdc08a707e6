/** `sluicegate top`: how a running process is, second by second. */

import { setMaxListeners } from "node:events";
import { roleNames } from "../app/roles.ts";
import { systemClock } from "../app/system-clock.ts";
import { statusSocketsOf } from "../config/status-socket.ts";
import { sleep } from "../core/clock.ts";
import { printable } from "../core/printable.ts";
import { canDraw, lookOf } from "../screen/look.ts";
import { plainLine } from "../screen/render-line.ts";
import { readRolesStatus } from "../telemetry/read-roles-status.ts";
import { askRole } from "../telemetry/status-client.ts";
import { answerText } from "./print-answer.ts";
import { printInTime } from "./print-in-time.ts";
import { type RemoteOptions, remoteOf } from "./remote.ts";
import { placeOf, socketOf } from "./site.ts";
import { type AlertSource, momentOf, type TopMoment } from "./top-alerts.ts";
import { HubAlerts, readHubAlerts } from "./top-hub-alerts.ts";
import { momentJson, momentLine } from "./top-lines.ts";
import { pageLines } from "./top-screen.ts";
import { showTop } from "./top-show.ts";
import { firstView } from "./top-view.ts";
import { TopWatch } from "./top-watch.ts";

export interface TopOptions extends RemoteOptions {
  readonly config: string;
  readonly once?: boolean;
  readonly output: "text" | "json";
}

/** A line so often. */
const everyMs = 1_000;
/** Devices in what is no screen. */
const mostDevices = "1000";
/** Of a page for a file. */
const filePage = { columns: 100, rows: 1_100 };

/**
 * On a terminal a screen until `q` or Ctrl-C; elsewhere, and with `--output json`, a line each second.
 * Ends with 3 where nobody answers at the start, and waits for who is gone later.
 */
export async function runTop(options: TopOptions): Promise<void> {
  const remote = await remoteOf(options);
  if (remote) return (await import("./remote-top.ts")).showTopThere(remote, options);
  const { once = false, output, socket } = options;
  const place = socket === undefined ? await placeOf(options.config) : undefined;
  const sockets = place ? statusSocketsOf(place, roleNames) : [socket ?? ""];
  const gatewaySocket = await socketOf(options);
  const watch = new TopWatch({
    status: (signal) => readRolesStatus(sockets, signal),
    devices: (asked, signal) => askRole(gatewaySocket, "devices", asked, signal),
    clock: systemClock,
  });
  await watch.look();
  const ending = new AbortController();
  // Every socket that is asked listens to it.
  setMaxListeners(0, ending.signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => ending.abort());
  if (once) {
    watch.want({ order: "worst", limit: mostDevices });
    await watch.lookAtDevices(ending.signal);
    const source = place && (await readHubAlerts(place, watch.glance.gateway));
    return printOnce(output, momentOf(watch.glance, source));
  }
  const hub = place && new HubAlerts(place);
  const alerts = (): AlertSource | undefined => hub?.source(watch.glance.gateway);
  try {
    const isScreen = output === "text" && canDraw(process.stdin, process.stdout, process);
    if (isScreen) await showTop({ watch, ending, look: lookOf(process), alerts });
    else await printLines(output, watch, ending.signal, alerts);
  } finally {
    await hub?.close();
  }
}

async function printLines(
  output: TopOptions["output"],
  watch: TopWatch,
  signal: AbortSignal,
  alerts: () => AlertSource | undefined,
): Promise<void> {
  watch.want({ order: "worst", limit: mostDevices });
  alerts();
  const watching = watch.watch(signal, () => {});
  while (!signal.aborted) {
    await sleep(systemClock, everyMs, signal);
    if (signal.aborted) break;
    const moment = momentOf(watch.glance, alerts());
    await printInTime(output === "json" ? jsonLine(moment) : printable(momentLine(moment)));
  }
  await watching;
}

async function printOnce(output: TopOptions["output"], moment: TopMoment): Promise<void> {
  if (output === "json") return printInTime(jsonLine(moment));
  const columns = process.stdout.isTTY ? process.stdout.columns : filePage.columns;
  const page = { ...moment, view: firstView, look: lookOf(process) };
  for (const line of pageLines(page, { ...filePage, columns }))
    await printInTime(plainLine(line, page.look));
}

function jsonLine(moment: TopMoment): string {
  return answerText("top/1", momentJson(moment));
}
