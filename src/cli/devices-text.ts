/** What `sluicegate devices` prints. */
import { counted } from "../core/counted.ts";
import { formatDuration } from "../core/duration.ts";
import { formatTime } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";
import { signOf } from "../core/unit.ts";
import { columns, tableLines } from "./print-table.ts";

type Answer = Readonly<Record<string, unknown>>;

/** A line for each device, those counted that are not shown. */
export function deviceLines({ devices, more, total }: Answer, nowMs: number): string[] {
  const rows = listOf(devices);
  if (rows.length === 0) return ["no such devices"];
  const table = rows.map((row) => [
    textOf(row["device"]),
    textOf(row["state"]),
    textOf(row["profile"]),
    `last ${agoOf(row["lastMs"], nowMs)}`,
    `changed ${agoOf(row["changedMs"], nowMs)}`,
    everyOf(row),
    countsOf(row),
  ]);
  const lines = tableLines(table);
  return more === true
    ? [...lines, `${rows.length} of ${textOf(total)}; go on with --after or raise --limit`]
    : lines;
}

/** All of one device. */
export function deviceFactLines({ commands, device }: Answer, nowMs: number): string[] {
  if (!isObject(device)) return [];
  const { cause, intervalMs, link, topic } = device;
  const said = typeof link === "string" ? `${link} (${textOf(cause)})` : "nothing said";
  const expected = typeof intervalMs === "number" ? formatDuration(intervalMs) : "not said";
  return [
    `${textOf(device["device"])}   ${textOf(device["state"])}`,
    `Profile   ${textOf(device["profile"])}${device["configured"] === true ? "   configured" : ""}`,
    `Topic     ${textOf(topic)}`,
    `Seen      first ${timeOf(device["firstMs"])}   last ${timeOf(device["lastMs"])}   changed ${timeOf(device["changedMs"])}`,
    `Interval  expected ${expected}   ${everyOf(device)}`,
    `Link      ${said}`,
    `Counts    ${countsOf(device)}`,
    ...entries("Tags", device["tags"]),
    ...entries("Attrs", device["attrs"]),
    ...section(
      "Values",
      listOf(device["values"]).map((value) => valueCells(value, nowMs)),
    ),
    ...section("Commands", listOf(commands).map(commandCells)),
    ...section("Misfits", listOf(device["misfits"]).map(misfitCells)),
    ...section("Unread", listOf(device["unread"]).map(findingCells)),
    ...description(device["description"]),
  ];
}

/** What nobody reads, and what did not fit, by profile. */
export function unreadLines({ misfits, unread }: Answer): string[] {
  const cells = (rows: unknown): string[][] =>
    listOf(rows).map((row) => [textOf(row["profile"]), ...findingCells(row)]);
  const lines = [...section("Unread", cells(unread)), ...section("Misfits", cells(misfits))];
  return lines.length === 0 ? ["everything that came since the start is read"] : lines;
}

export function listOf(value: unknown): Answer[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textOf(value: unknown): string {
  return value === undefined || value === null ? "-" : String(value);
}

export function agoOf(ms: unknown, nowMs: number): string {
  if (typeof ms !== "number") return "never";
  return `${formatDuration(Math.max(0, nowMs - ms))} ago`;
}

/** `set_power` with `state: ON, OFF`, `setpoint: number -30 to -10 °C, by 0.5`. */
function commandCells({ about, danger, name, params }: Answer): string[] {
  const said = listOf(params).map((param) => `${textOf(param["name"])}: ${limitsOf(param)}`);
  const words = danger === true ? `${textOf(about)} (dangerous)` : textOf(about);
  return [textOf(name), said.join("; ") || "-", words];
}

function limitsOf({ default: fallback, range, step, type, unit, values }: Answer): string {
  const within = Array.isArray(range) ? ` ${range.join(" to ")}` : "";
  const said = Array.isArray(values) ? values.join(", ") : `${textOf(type)}${within}`;
  return [
    `${said}${signBehind(unit)}`,
    ...(step === undefined ? [] : [`by ${textOf(step)}`]),
    ...(fallback === undefined ? [] : [`else ${textOf(fallback)}`]),
  ].join(", ");
}

/** ` °C`; nothing for what has no unit, and for what is only counted. */
function signBehind(unit: unknown): string {
  const sign = typeof unit === "string" ? signOf(unit) : "";
  return sign === "" ? "" : ` ${sign}`;
}

function section(head: string, rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ["", head, ...columns(rows).map((line) => `  ${line}`)];
}

function entries(head: string, value: unknown): string[] {
  const pairs = isObject(value) ? Object.entries(value) : [];
  if (pairs.length === 0) return [];
  return [`${head.padEnd(9)} ${pairs.map(([name, text]) => `${name}: ${text}`).join(", ")}`];
}

function valueCells(row: Answer, nowMs: number): string[] {
  const value = `${JSON.stringify(row["value"])}${signBehind(row["unit"])}`;
  return [textOf(row["name"]), value, textOf(row["quality"]), agoOf(row["timeMs"], nowMs)];
}

function misfitCells(row: Answer): string[] {
  return [timesOf(row["count"]), timeOf(row["lastMs"]), textOf(row["reason"])];
}

function findingCells(row: Answer): string[] {
  const { count, lastMs, place, sample } = row;
  return [textOf(place), timesOf(count), `last ${timeOf(lastMs)}`, textOf(sample)];
}

function description(value: unknown): string[] {
  if (!isObject(value)) return [];
  const leftOut = Array.isArray(value["leftOut"]) ? value["leftOut"].map(String) : [];
  const rows = listOf(value["metrics"]).map(({ name, template, topic, unit }) =>
    [name, unit, topic, template].map(textOf),
  );
  return [
    ...section("Described by itself", rows),
    ...section(
      "Left out",
      leftOut.map((reason) => [reason]),
    ),
  ];
}

function everyOf({ everyMs }: Answer): string {
  return typeof everyMs === "number" ? `comes every ${formatDuration(everyMs)}` : "comes -";
}

function countsOf({ events, rejected, repeats }: Answer): string {
  return `events ${textOf(events)}   rejected ${textOf(rejected)}   repeats ${textOf(repeats)}`;
}

function timeOf(ms: unknown): string {
  return typeof ms === "number" ? formatTime(ms) : "never";
}

/** `1 time`, `3 times`. */
export function timesOf(value: unknown): string {
  return typeof value === "number" ? counted(value, "time") : "-";
}
