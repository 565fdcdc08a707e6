/** Commands and their steps as lines for people. */
import type { EpochMs } from "../core/clock.ts";
import type { Command, CommandState } from "../core/command.ts";
import { formatDuration } from "../core/duration.ts";
import { formatTime } from "../core/event-codec.ts";
import type { CommandPast } from "../stream/command-history.ts";
import type { StoredReply } from "../stream/command-replies.ts";
import { tableLines } from "./print-table.ts";

/** How a command stands: its last step, or that its gateway has not read it. */
export type Standing = CommandState | "issued";

export function standingOf({ steps }: Pick<CommandPast, "steps">): Standing {
  return steps.at(-1)?.reply.state ?? "issued";
}

/** `14:20:13.180 acknowledged {"POWER":"ON"}` */
export function stepLine({ reply, timeMs }: StoredReply): string {
  const { answer, attempt = 1, state, text, validUntil } = reply;
  const words = [
    formatTime(timeMs).slice(11, 23),
    attempt > 1 ? `${state} (try ${attempt})` : state,
    ...(text === undefined ? [] : [text]),
    ...(validUntil === undefined ? [] : [`valid until ${validUntil}`]),
    ...(answer === undefined ? [] : [answer]),
  ];
  return words.join("  ");
}

/** `plug set_power state=ON` */
export function describeCommand({ device, name, params }: Command): string {
  const pairs = Object.entries(params).map(([key, value]) => `${key}=${value}`);
  return [device, name, ...pairs].join(" ");
}

export function historyLines(pasts: readonly CommandPast[]): string[] {
  if (pasts.length === 0) return ["no commands"];
  return tableLines([
    ["ID", "ISSUED", "STATE", "BY", "COMMAND"],
    ...pasts.map((past) => {
      const { by, id, issuedMs } = past.command;
      return [id, formatTime(issuedMs), standingText(past), by, describeCommand(past.command)];
    }),
  ]);
}

/** What can be an end, too, is told from one by a word. */
function standingText(past: CommandPast): string {
  const standing = standingOf(past);
  const isOpen = past.steps.at(-1)?.reply.final === false;
  return isOpen && (standing === "sent" || standing === "delivered")
    ? `${standing} (open)`
    : standing;
}

export function pastLines(past: CommandPast, nowMs: EpochMs): string[] {
  const { cancels, command, steps } = past;
  const { by, expiresMs, gateway, id, issuedMs, reason, run } = command;
  const left = expiresMs - nowMs;
  return [
    describeCommand(command),
    `id        ${id}`,
    `gateway   ${gateway}`,
    `issued    ${formatTime(issuedMs)} by ${by}${reason === undefined ? "" : `: ${reason}`}`,
    ...(run === undefined ? [] : [`run       ${run}`]),
    `expires   ${formatTime(expiresMs)}${left > 0 ? `, in ${formatDuration(left)}` : ""}`,
    ...cancels.map((cancel) => `cancel    ${formatTime(cancel.issuedMs)} by ${cancel.by}`),
    "",
    ...(steps.length === 0 ? [notRead(left)] : steps.map(stepLine)),
  ];
}

function notRead(leftMs: number): string {
  return leftMs > 0
    ? "its gateway has not read it yet"
    : "its gateway did not read it before it expired, and will not send it";
}
