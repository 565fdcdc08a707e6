/** What `sluicegate dlq` prints. */
import { formatTime } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";
import { formatQuantity, isUnit } from "../core/unit.ts";

type Answer = Readonly<Record<string, unknown>>;

/** For standard error. */
export const outOfReach =
  "sluicegate: the backbone is out of reach; only what is still on this disk was looked at";

/** A head, the groups, what to do next. */
export function groupLines({ groups }: Answer): string[] {
  const rows = listOf(groups);
  if (rows.length === 0) return ["no rejected messages wait for a decision"];
  const count = rows.reduce((sum, row) => sum + Number(row["count"]), 0);
  const lines = [`${count} rejected in ${rows.length} ${rows.length === 1 ? "group" : "groups"}`];
  for (const row of rows) {
    const more = Number(row["notKept"]) > 0 ? ` and ${row["notKept"]} only counted` : "";
    lines.push(
      "",
      `${row["count"]}${more}  ${row["code"]}  ${row["profile"] || "no profile"}  ${row["topic"]}`,
      `  ${timeOf(row["firstMs"])} to ${timeOf(row["lastMs"])}, the last ${row["id"]}`,
      `  ${row["reason"]}`,
    );
  }
  return [...lines, "", "next: sluicegate dlq show --topic TOPIC, then try, reprocess or discard"];
}

/** Each message, with its payload as text where it is one. */
export function messageLines({ messages }: Answer): string[] {
  const rows = listOf(messages);
  if (rows.length === 0) return ["no rejected messages wait for a decision"];
  return rows.flatMap((row) => [
    `${row["id"]}  ${timeOf(row["receivedMs"])}  ${row["code"]}  ${row["profile"] ?? "no profile"}`,
    `  topic    ${row["topic"]}${row["member"] === undefined ? "" : `, member ${row["member"]}`}`,
    `  reason   ${row["reason"]}`,
    `  payload  ${payloadText(row["payload"])}${row["truncated"] === true ? " (cut)" : ""}`,
  ]);
}

/** `12 of 14 would be stored`, and what the first became. */
export function againLines(answer: Answer, done: string): string[] {
  const [read, rejected, passedOver, unusable] = ["read", "rejected", "passedOver", "unusable"].map(
    (name) => Number(answer[name]),
  );
  const all = Number(read) + Number(rejected) + Number(passedOver) + Number(unusable);
  if (all === 0) return ["no rejected messages wait for a decision"];
  const lines = [`${read} of ${all} ${done}`];
  if (rejected) lines.push(`${rejected} still do not fit`);
  if (passedOver) lines.push(`${passedOver} would be passed over`);
  if (unusable) lines.push(`${unusable} were not kept whole, so that they cannot be read again`);
  if (answer["more"] === true) lines.push("there are more; call it again");
  const samples = listOf(answer["samples"]);
  if (samples.length > 0 && samples.length < all)
    lines.push(`the first ${samples.length} of them:`);
  for (const row of samples)
    lines.push(
      `  ${row["id"]} ${row["topic"]}`,
      ...nowLines(row["now"]).map((one) => `    ${one}`),
    );
  return lines;
}

/** The events that a message became, or why there are none. */
function nowLines(now: unknown): string[] {
  if (!Array.isArray(now)) return [String(now)];
  return listOf(now).map(
    (event) => `${timeOf(event["timeMs"])} ${event["device"] ?? "="} ${bodyOf(event)}`,
  );
}

function bodyOf({ data, kind }: Answer): string {
  if (kind !== "measurement") return `${kind} ${JSON.stringify(data)}`;
  return listOf(data)
    .map(({ name, quality, unit, value }) => {
      const sign = typeof unit === "string" && isUnit(unit) ? unit : undefined;
      const shown = isScalar(value) ? formatQuantity(value, sign) : JSON.stringify(value);
      return `${name} ${shown}${quality === "good" ? "" : ` (${quality})`}`;
    })
    .join(" · ");
}

function isScalar(value: unknown): value is number | boolean | string {
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string";
}

function listOf(value: unknown): Answer[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function timeOf(ms: unknown): string {
  return typeof ms === "number" ? formatTime(ms) : "";
}

const shownCharacters = 1_000;

function payloadText(payload: unknown): string {
  const bytes = Buffer.from(typeof payload === "string" ? payload : "", "base64");
  const text = bytes.toString("utf8");
  const isText = Buffer.from(text).equals(bytes);
  const shown = isText ? text : `0x${bytes.toString("hex")}`;
  return shown.length > shownCharacters ? `${shown.slice(0, shownCharacters)}…` : shown;
}
