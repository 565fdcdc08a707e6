/** What events say, on one line for people. */
import { isUtf8 } from "node:buffer";
import type { CommandReply } from "../core/command.ts";
import type { DeviceRecord } from "../core/device.ts";
import { formatDuration } from "../core/duration.ts";
import type { GatewayEvent, Status } from "../core/event.ts";
import type { Measurement } from "../core/measurement.ts";
import type { Rejection } from "../core/rejection.ts";
import { formatQuantity } from "../core/unit.ts";

/** Characters of a payload on one line. */
const mostShown = 400;
/** Names of metrics of a device; more are only counted. */
const mostMetrics = 3;

/** What an event says. */
export function describeBody(event: GatewayEvent): string {
  switch (event.kind) {
    case "rejection":
      return describeRejection(event.data);
    case "measurement":
      return event.data.map(describeMeasurement).join(" · ");
    case "status":
      return describeStatus(event.data);
    case "device":
      return describeRecord(event.data);
    case "reply":
      return describeReply(event.data);
    default:
      return `${event.kind} ${JSON.stringify(event.data)}`;
  }
}

function describeMeasurement({ name, quality, unit, value }: Measurement): string {
  return `${name} ${formatQuantity(value, unit)}${quality === "good" ? "" : ` (${quality})`}`;
}

/** `online (connect) client freezer-07` */
function describeStatus({ cause, client, state, text }: Status): string {
  const who = client === undefined ? "" : ` client ${client}`;
  return `${state} (${cause})${who}${text === undefined ? "" : ` ${JSON.stringify(text)}`}`;
}

/** `device by acme/fz-200@3, every 30s, may measure temperature, door and 3 more` */
function describeRecord({ intervalMs, metrics, profile }: DeviceRecord): string {
  const every = intervalMs === undefined ? "" : `, every ${formatDuration(intervalMs)}`;
  const names = metrics.slice(0, mostMetrics).map(({ name }) => name);
  const more = metrics.length - names.length;
  const measures = names.length === 0 ? "" : `, may measure ${names.join(", ")}`;
  return `device by ${profile}${every}${measures}${more > 0 ? ` and ${more} more` : ""}`;
}

/** `set_point acknowledged {"ok":true} 6eb5e2445259f8fa`: a step of a command, and whose. */
function describeReply({ answer, attempt = 1, command, name, state, text }: CommandReply): string {
  const step = attempt > 1 ? `${state} (try ${attempt})` : state;
  return [name, step, text, answer, command].filter((word) => word !== undefined).join(" ");
}

/** `rejected (no-profile: no device …) some/topic {"t":21.4}` */
function describeRejection({ code, payload, reason, topic }: Rejection): string {
  return `rejected (${code}: ${reason}) ${topic} ${payloadText(payload)}`;
}

/** As text where it is text; the first bytes otherwise. */
function payloadText(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  if (isUtf8(bytes)) return cut(bytes.toString("utf8"));
  return cut(`0x${bytes.subarray(0, mostShown).toString("hex")}`);
}

function cut(text: string): string {
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}
