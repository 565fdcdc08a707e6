/** `sluicegate status`: is it linked, what is waiting? */

import type { GatewayStatus } from "../app/gateway/gateway-status.ts";
import { gatewayStatusOf } from "../app/gateway/read-gateway-status.ts";
import { formatDuration } from "../core/duration.ts";
import { printable } from "../core/printable.ts";
import { formatSize } from "../core/size.ts";
import { readStatus } from "../telemetry/status-client.ts";
import { socketOf } from "./site.ts";

export interface StatusOptions {
  readonly config: string;
  readonly socket?: string;
  readonly output: "text" | "json";
}

/** Prints how the running process is; exit 3 when none answers. */
export async function runStatus(options: StatusOptions): Promise<void> {
  const status = await readStatus(await socketOf(options));
  if (options.output === "json") {
    process.stdout.write(`${printable(JSON.stringify(status))}\n`);
    return;
  }
  const gateway = gatewayStatusOf(status);
  process.stdout.write(
    gateway
      ? describeGateway(gateway, Date.now())
      : `${JSON.stringify(status, null, 2).split("\n").map(printable).join("\n")}\n`,
  );
}

/** One screen for people. */
export function describeGateway(status: GatewayStatus, nowMs: number): string {
  const { buffer, flow, link } = status;
  const since = formatDuration(nowMs - link.since);
  const reason = link.reason === undefined ? "" : `   ${link.reason}`;
  const oldest =
    buffer.oldestWaitingMs === undefined
      ? ""
      : `   oldest ${formatDuration(nowMs - buffer.oldestWaitingMs)} old`;
  const used = ((100 * buffer.sizeBytes) / buffer.maxBytes).toFixed(1);
  return [
    `${status.site}/${status.gateway}   up ${formatDuration(status.uptimeMs)}`,
    `Link      ${link.kind} for ${since}   ${link.server ?? ""}${reason}`,
    `Buffer    ${buffer.waitingRecords} waiting${oldest}   ${formatSize(buffer.sizeBytes)} on disk, ${used} % of ${formatSize(buffer.maxBytes)}`,
    ...(buffer.trouble === undefined ? [] : [`Disk      ${buffer.trouble}`]),
    `Flow      received ${flow.received}   sent ${link.sent} (${Math.round(link.ratePerSecond)}/s)   rejected ${flow.rejected}   dropped ${buffer.droppedRecords}`,
    `Devices   ${status.devices}`,
    ...status.sources.map(
      (source) => `Source    ${source.name}${source.holding ? "   holding clients back" : ""}`,
    ),
    "",
  ]
    .map(printable)
    .join("\n");
}
