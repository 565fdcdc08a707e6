import { counted } from "../core/counted.ts";
import { isObject } from "../core/is-object.ts";
import { printable } from "../core/printable.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import { roleNames } from "./roles.ts";

/** How a process is, in the one line that `systemctl status` shows: `Buffering since ..., 17,280 events`. */
export function serviceLine(status: unknown): string {
  const gateway = gatewayStatusOf(status);
  return printable(gateway ? gatewayLine(gateway) : `Running ${rolesIn(status).join(", ")}`);
}

function gatewayLine({ buffer, link }: GatewayStatus): string {
  if (buffer.trouble !== undefined) return `Nothing can be stored: ${buffer.trouble}`;
  const waiting = counted(buffer.waitingRecords, "event").replace(/\B(?=(?:\d{3})+\b)/g, ",");
  const word = link.word ?? link.kind;
  if (word === "linked") return `Linked to ${link.server ?? "the backbone"}, ${waiting} waiting`;
  const since = new Date(link.since).toISOString().replace(/\.\d+Z$/, "Z");
  const reason = word === "blocked" && link.reason ? `: ${link.reason}` : "";
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)} since ${since}, ${waiting}${reason}`;
}

function rolesIn(status: unknown): string[] {
  return isObject(status) ? roleNames.filter((name) => status[name] !== undefined) : [];
}
