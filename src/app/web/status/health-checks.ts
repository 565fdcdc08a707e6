/** What is well and what is not, each with what to do: made of what the process says of itself. */
import type { GatewayNow, StatusRow } from "../../../api/shapes/status.ts";
import type { HealthCheck } from "../../../api/shapes/system.ts";
import { counted } from "../../../core/counted.ts";
import { formatSize } from "../../../core/size.ts";

type Verdict = HealthCheck["verdict"];

/** `fileFaults`: what is wrong with the files of the site as they were read last. */
export function healthChecks(row: StatusRow, fileFaults: readonly string[]): HealthCheck[] {
  return [
    ...(row.gateway ? gatewayChecks(row.gateway) : []),
    ...(row.hub ? [hubCheck(row.hub)] : []),
    deviceCheck(row.devices),
    deadLetterCheck(row.deadLetters),
    ...(row.historian ? [historianCheck(row.historian)] : []),
    fileCheck(fileFaults),
  ];
}

function check(name: string, verdict: Verdict, text: string, advice = ""): HealthCheck {
  return { name, verdict, text, advice: verdict === "ok" ? "" : advice };
}

const linkVerdicts: Readonly<Record<GatewayNow["link"]["word"], readonly [Verdict, string]>> = {
  linked: ["ok", ""],
  connecting: ["ok", ""],
  draining: ["ok", ""],
  buffering: ["warning", "bring the backbone back; nothing is lost while the buffer has room"],
  blocked: ["error", "mend what it says; everything is kept on disk until then"],
  dropping: ["error", "bring the backbone back, or give the buffer more room: buffer.max_bytes"],
};

function gatewayChecks(gateway: GatewayNow): HealthCheck[] {
  const { link, sources } = gateway;
  const [verdict, advice] = linkVerdicts[link.word];
  const where = link.server ?? link.servers.join(", ");
  return [
    check("link", verdict, `${link.word}: ${link.reason ?? where}`, advice),
    bufferCheck(gateway),
    lossCheck(gateway),
    ...sources.map(sourceCheck),
  ];
}

/** Parts of the buffer that wait. */
const fillingAt = 0.8;

function bufferCheck({ buffer }: GatewayNow): HealthCheck {
  const { bytes, events, maxBytes } = buffer;
  const share = bytes / Math.max(1, maxBytes);
  const text = `${counted(events, "event")} wait, ${formatSize(bytes)} of ${formatSize(maxBytes)}`;
  const advice = "bring the backbone back, or give it more room: buffer.max_bytes";
  return check("buffer", share >= fillingAt ? "warning" : "ok", text, advice);
}

function lossCheck({ flow }: GatewayNow): HealthCheck {
  const { dropped, droppedBefore } = flow;
  if (dropped + droppedBefore === 0) return check("loss", "ok", "nothing was dropped");
  const text = `${counted(dropped, "record")} dropped in this run, ${droppedBefore} in earlier ones`;
  const advice = "each is declared in a gap event; give the buffer more room: buffer.max_bytes";
  return check("loss", dropped > 0 ? "error" : "warning", text, advice);
}

function sourceCheck({ holding, link, name, refused }: GatewayNow["sources"][number]): HealthCheck {
  const title = `source ${name}`;
  if (holding)
    return check(title, "error", "it holds devices back", "see why the disk takes nothing");
  if (link !== null && link !== "up")
    return check(title, "error", link, "look at the line, the address and the credentials");
  if (refused > 0)
    return check(
      title,
      "warning",
      `${counted(refused, "message or client")} refused`,
      "sluicegate status says which, and why",
    );
  return check(title, "ok", link ?? "open to devices");
}

function hubCheck({ connected, gatewaysAway, gateways, reason }: NonNullable<StatusRow["hub"]>) {
  const advice = "what is shown of the hub is as it was known last";
  if (!connected) return check("streams", "error", reason ?? "the backbone is away", advice);
  if (gatewaysAway === 0) return check("streams", "ok", counted(gateways, "gateway"));
  const text = `${gatewaysAway} of ${counted(gateways, "gateway")} away`;
  return check("streams", "warning", text, "look at their own pages, or at their machines");
}

function deviceCheck(states: StatusRow["devices"]): HealthCheck {
  const all = Object.values(states).reduce((sum, one) => sum + one, 0);
  const bad = Object.entries(states).filter(([state, many]) => state !== "ok" && many > 0);
  const words = bad.map(([state, many]) => `${many} ${state.replace("-", " ")}`);
  const text = bad.length === 0 ? counted(all, "device") : `${words.join(", ")}, of ${all}`;
  const isWell = bad.every(([state]) => state === "never");
  return check("devices", isWell ? "ok" : "warning", text, "look at those that need attention");
}

function deadLetterCheck({ groups, messages }: StatusRow["deadLetters"]): HealthCheck {
  if (messages === 0) return check("dead letters", "ok", "every message was read");
  const text = `${counted(messages, "message")} not read, in ${counted(groups, "group")}`;
  return check("dead letters", "warning", text, "mend the profile, try them, process them again");
}

function historianCheck({ behindMs, trouble }: NonNullable<StatusRow["historian"]>): HealthCheck {
  const text = trouble ?? (behindMs === null ? "written" : `${Math.round(behindMs)} ms behind`);
  return check("history", trouble === null ? "ok" : "error", text, "look at the database");
}

function fileCheck(faults: readonly string[]): HealthCheck {
  const [first] = faults;
  if (first === undefined) return check("files", "ok", "the files of the site are right");
  const more = faults.length > 1 ? `, and ${faults.length - 1} more` : "";
  const advice = "what was right stays in force; sluicegate validate shows all";
  return check("files", "error", `${first}${more}`, advice);
}
