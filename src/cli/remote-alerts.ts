/** `alerts ls` and what people do about alerts, of a hub or gateway elsewhere. */
import { systemClock } from "../app/system-clock.ts";
import { formatDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import type { OperatorVerb } from "../core/operator-action.ts";
import { suggest } from "../core/suggest.ts";
import type { Context } from "./contexts-file.ts";
import { printAnswer } from "./print-answer.ts";
import { tableLines } from "./print-table.ts";
import { askApi } from "./remote.ts";

type Row = Readonly<Record<string, unknown>>;
type Output = { readonly output: "text" | "json" };

const shortId = 8;
const severities = ["critical", "warning", "info"];

export interface RemoteWish extends Output {
  readonly all?: boolean;
  readonly site?: string;
  readonly severity?: string;
  readonly failOn?: string;
}

/** Prints a line for each, as `alerts ls` does here. */
export async function listRemoteAlerts(context: Context, options: RemoteWish): Promise<void> {
  const rows = (await rowsOf(context, options.all ? "all" : "active", options.site)).filter((row) =>
    isAsSevere(row, options.severity ?? "info"),
  );
  const nowMs = systemClock.wallMs();
  printAnswer(options, "alert-rows/1", { alerts: rows }, () => alertLines(rows, nowMs));
  const { failOn } = options;
  if (failOn !== undefined && rows.some((row) => isAsSevere(row, failOn))) process.exitCode = 1;
}

/** A table with a head; words where there are none. */
export function alertLines(rows: readonly Row[], nowMs: number): string[] {
  if (rows.length === 0) return ["no alerts"];
  return tableLines([
    ["ID", "SEVERITY", "STATE", "ALERT", "FOR"],
    ...rows.map((row) => [
      ...[text(row["instance"]).slice(0, shortId), text(row["severity"]), text(row["state"])],
      ...[nameOf(row), formatDuration(Math.max(0, nowMs - Number(row["startedMs"])))],
    ]),
  ]);
}

export interface RemoteAct extends Output {
  readonly site?: string;
  readonly all?: boolean;
  readonly reason?: string;
  readonly forMs?: number;
  readonly once?: boolean;
}

/** Does it to the one that is meant, or with `all` to each; what the token is decides who did it. */
export async function actOnRemoteAlerts(
  context: Context,
  verb: OperatorVerb,
  meant: { readonly alert: string; readonly device: string | undefined },
  options: RemoteAct,
): Promise<void> {
  const rows = await rowsOf(context, "all", options.site);
  const found = rows.filter((row) => isMeant(row, meant));
  if (found.length === 0) {
    const near = suggest(
      meant.alert,
      rows.map((row) => shortName(row)),
    );
    throw new GatewayError(
      "not-found",
      `no alert is called ${meant.alert}${near ? `; did you mean ${near}?` : ""}`,
    );
  }
  if (found.length > 1 && !options.all)
    throw new GatewayError(
      "usage",
      `these are ${found.length} alerts; say which by its device or its id, or --all: ${found.slice(0, 10).map(nameOf).join(", ")}`,
    );
  const { forMs, once, reason } = options;
  const body = {
    ...(reason !== undefined && { reason }),
    ...(forMs !== undefined && { forMs }),
    ...(once !== undefined && { once }),
  };
  const actions = [];
  for (const row of found) {
    const path = `/alerts/${encodeURIComponent(text(row["instance"]))}/${verb}`;
    actions.push({ instance: row["instance"], ...(await askApi(context, path, body)) });
  }
  printAnswer(options, "alert-acts/1", { verb, actions }, () =>
    found.map((row) => `${nameOf(row)} ${verb} is done`),
  );
}

/** Alerts as the API lists them; `list` is `active` or `all`. */
export async function rowsOf(
  context: Context,
  list: string,
  site: string | undefined,
): Promise<Row[]> {
  const query = new URLSearchParams({ list, ...(site !== undefined && { site }) });
  const { alerts } = await askApi(context, `/alerts?${query}`);
  return Array.isArray(alerts) ? alerts.filter(isObject) : [];
}

function isMeant(
  row: Row,
  { alert, device }: { alert: string; device: string | undefined },
): boolean {
  const isNamed = [text(row["rule"]), shortName(row)].includes(alert);
  const isId = alert.length >= 4 && text(row["instance"]).startsWith(alert.toLowerCase());
  return (isNamed || isId) && (device === undefined || row["device"] === device);
}

function isAsSevere(row: Row, severity: string): boolean {
  return severities.indexOf(text(row["severity"])) <= severities.indexOf(severity);
}

function shortName(row: Row): string {
  const rule = text(row["rule"]);
  return rule.slice(rule.lastIndexOf("/") + 1);
}

function nameOf(row: Row): string {
  return `${shortName(row)} ${text(row["device"] ?? row["gateway"] ?? row["site"])}`;
}

function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value);
}
