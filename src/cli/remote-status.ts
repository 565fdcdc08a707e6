/** `status` of a process elsewhere, out of its API. */
import { formatDuration } from "../core/duration.ts";
import { isObject } from "../core/is-object.ts";
import { formatSize } from "../core/size.ts";
import type { Context } from "./contexts-file.ts";
import { printAnswer } from "./print-answer.ts";
import { askApi } from "./remote.ts";

type Facts = Readonly<Record<string, unknown>>;

/** Prints link, buffer, flow, devices and alerts, under the heads that `status` has here. */
export async function showRemoteStatus(
  context: Context,
  options: { readonly output: "text" | "json" },
): Promise<void> {
  const status = await askApi(context, "/status");
  printAnswer(options, "remote-status/1", status, () => statusLines(status, Date.now()));
}

/** What `/status` said, under the heads that `status` has here. */
export function statusLines(status: Facts, nowMs: number): string[] {
  const { alerts, deadLetters, devices, gateway, hub, roles, site, version } = status;
  const name = isObject(gateway) ? `${said(site)}/${said(gateway["gateway"])}` : said(site);
  const listed = Array.isArray(roles) ? roles.join(", ") : "";
  return [
    `${name}   ${listed}   ${said(version)}`,
    ...(isObject(gateway) ? gatewayLines(gateway, nowMs) : []),
    ...(isObject(hub) ? [hubLine(hub)] : []),
    `Devices   ${countsOf(devices)}`,
    `Alerts    ${countsOf(alerts)}`,
    `Rejected  ${countsOf(deadLetters)}`,
  ];
}

function gatewayLines({ buffer, flow, link, uptimeMs }: Facts, nowMs: number): string[] {
  const [at, waits, goes] = [link, buffer, flow].map((one) => (isObject(one) ? one : {}));
  const sinceMs = Number(at?.["sinceMs"]);
  const oldestMs = waits?.["oldestMs"];
  const oldest = typeof oldestMs === "number" ? [`oldest ${ago(oldestMs, nowMs)} old`] : [];
  return [
    `Up        ${formatDuration(Number(uptimeMs) || 0)}`,
    ["Link      ", said(at?.["word"]), ` for ${ago(sinceMs, nowMs)}`, reasonOf(at)].join(""),
    [
      `Buffer    ${said(waits?.["events"])} events`,
      formatSize(Number(waits?.["bytes"]) || 0),
      ...oldest,
    ].join("   "),
    `Flow      in ${rate(goes?.["inPerS"])}   out ${rate(goes?.["outPerS"])}   rejected ${said(goes?.["rejected"])}   late ${said(goes?.["late"])}   dropped ${said(goes?.["dropped"])}`,
  ];
}

function hubLine({ connected, gateways, gatewaysAway, server }: Facts): string {
  const link = connected === true ? `linked to ${said(server)}` : "not connected";
  return `Hub       ${link}   ${said(gateways)} gateways, ${said(gatewaysAway)} away`;
}

function countsOf(counts: unknown): string {
  const entries = isObject(counts) ? Object.entries(counts) : [];
  return entries.map(([name, count]) => `${String(count)} ${name}`).join(", ") || "none";
}

function reasonOf(link: Facts | undefined): string {
  return typeof link?.["reason"] === "string" ? `   ${link["reason"]}` : "";
}

function rate(value: unknown): string {
  return typeof value === "number" ? `${value.toFixed(1)}/s` : "-";
}

function ago(ms: number, nowMs: number): string {
  return Number.isFinite(ms) ? formatDuration(Math.max(0, nowMs - ms)) : "-";
}

function said(value: unknown): string {
  return value === undefined || value === null ? "-" : String(value);
}
