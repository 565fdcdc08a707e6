/** How far a command is, in words for people: what it means, and what can be done. Pure. */
import type { CommandRow } from "../../../api/shapes/command.ts";
import type { IconName } from "../../parts/icon.tsx";
import type { Tone } from "../../parts/pill.tsx";

export type CommandWord = CommandRow["state"];

export interface CommandSaying {
  readonly icon: IconName;
  readonly word: string;
  readonly tone: Tone;
  readonly means: string;
  /** Empty where nothing is to be done. */
  readonly advice: string;
}

/** The saying of each state. */
export const commandSayings: Readonly<Record<CommandWord, CommandSaying>> = {
  issued: {
    ...{ icon: "connecting", word: "issued", tone: "info" },
    means: "It is stored for the gateway, which has not said anything of it yet.",
    advice: "Where this lasts, look whether the gateway is connected.",
  },
  queued: {
    ...{ icon: "pause", word: "queued", tone: "info" },
    means: "The gateway has it on disk, and it waits for its turn or for its device.",
    advice: "It can be cancelled as long as it waits.",
  },
  sent: {
    ...{ icon: "right", word: "sent", tone: "info" },
    means: "It is about to leave for the device, or has left.",
    advice: "",
  },
  delivered: {
    ...{ icon: "down", word: "delivered", tone: "info" },
    means:
      "The other side has it. Whether the device did it, only its answer says, if it gives one.",
    advice: "",
  },
  acknowledged: {
    ...{ icon: "check", word: "acknowledged", tone: "normal" },
    means: "The device said that it did it.",
    advice: "",
  },
  refused: {
    ...{ icon: "blocked", word: "refused", tone: "warning" },
    means: "The device, its profile or the gateway said no. It had no effect.",
    advice: "Read the reason, change what is asked for, and send it again.",
  },
  failed: {
    ...{ icon: "close", word: "failed", tone: "warning" },
    means: "It could not be done. It had no effect.",
    advice: "Mend what the reason says, then send it again.",
  },
  "timed-out": {
    ...{ icon: "error", word: "timed out", tone: "warning" },
    means: "It left as often as it may, and the device never answered. Its effect is not known.",
    advice: "Look at the device before you send it again.",
  },
  expired: {
    ...{ icon: "error", word: "expired", tone: "warning" },
    means: "Its time ended before anything left. It had no effect.",
    advice: "Send it again when the device is online, or make it valid for longer.",
  },
  cancelled: {
    ...{ icon: "blocked", word: "cancelled", tone: "normal" },
    means: "It was taken back before anything left. It had no effect.",
    advice: "",
  },
  unknown: {
    ...{ icon: "help", word: "unknown", tone: "warning" },
    means: "Nobody can tell whether it had an effect; its last step says why.",
    advice: "Look at the device before you send it again.",
  },
};

/** `set_setpoint setpoint=-18`, as it is typed in a terminal, too. */
export function callText({ name, params }: Pick<CommandRow, "name" | "params">): string {
  return [name, ...Object.entries(params).map(([key, value]) => `${key}=${value}`)].join(" ");
}

/** The newest first; of those of one moment, the one with the greater id. */
export function newestFirst(one: CommandRow, other: CommandRow): number {
  return other.issuedMs - one.issuedMs || (one.id < other.id ? 1 : -1);
}

/** How often it left. */
export function triesOf({ steps }: CommandRow): number {
  return steps.reduce((most, { attempt }) => Math.max(most, attempt ?? 0), 0);
}

/** How long it took from issued to its last word; undefined while it has none. */
export function tookMs({ isFinal, issuedMs, steps }: CommandRow): number | undefined {
  const last = steps.at(-1);
  return isFinal && last ? Math.max(0, last.atMs - issuedMs) : undefined;
}

/** What the device, or whoever refused it, said last; of one that ended, what was said of its end. */
export function lastSaid({ isFinal, steps }: CommandRow): string | undefined {
  const step = steps
    .slice(isFinal ? -1 : 0)
    .reverse()
    .find(({ answer, text }) => answer !== null || text !== null);
  return step?.text ?? step?.answer ?? undefined;
}
