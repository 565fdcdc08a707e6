/** `commands ls|show|cancel` of a gateway or hub elsewhere. */
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import {
  type Command,
  type CommandCancel,
  type CommandState,
  commandStates,
} from "../core/command.ts";
import { parseDeviceKey } from "../core/device-key.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import { toStreamSeq } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import { suggest } from "../core/suggest.ts";
import type { CommandPast } from "../stream/command-history.ts";
import type { StoredReply } from "../stream/command-replies.ts";
import type { Context } from "./contexts-file.ts";
import { askApi } from "./remote.ts";

type Facts = Readonly<Record<string, unknown>>;

/** The API gives no more. */
const mostRows = 1_000;
const everyMs = 1_000;
/** The last moment that a date can be. */
const latestMs = 8_640_000_000_000_000;

/** Those of the last week, the first first; of one device where its key is given. */
export async function remotePasts(context: Context, device?: string): Promise<CommandPast[]> {
  const query = new URLSearchParams({
    limit: String(mostRows),
    ...(device !== undefined && { device }),
  });
  const { commands } = await askApi(context, `/commands?${query}`);
  const rows = Array.isArray(commands) ? commands.filter(isObject) : [];
  return rows.reverse().flatMap(pastOf);
}

export async function findRemotePast(context: Context, id: string): Promise<CommandPast> {
  const all = await remotePasts(context);
  const found = all.find(({ command }) => command.id === id);
  if (found !== undefined) return found;
  const ids = all.map(({ command }) => command.id);
  const meant = suggest(id, ids);
  throw new GatewayError(
    "not-found",
    `no command ${id} is among the last at ${context.url}; ${meant ? `did you mean ${meant}?` : "commands ls lists them"}`,
  );
}

/** Asks for one to be taken back; what the token is decides who did it. */
export async function cancelRemote(
  context: Context,
  id: string,
  reason: string | undefined,
): Promise<void> {
  const body = reason === undefined ? {} : { reason };
  await askApi(context, `/commands/${encodeURIComponent(id)}/cancel`, body);
}

/** Steps of commands there, asked for each second. */
export function remoteSteps(context: Context): {
  follow(
    command: Pick<Command, "id">,
    fromMs: number,
    signal: AbortSignal,
  ): AsyncGenerator<StoredReply, void>;
} {
  return {
    async *follow({ id }, _fromMs, signal) {
      for (let shown = 0; !signal.aborted; ) {
        const steps = (await remotePasts(context)).find(({ command }) => command.id === id)?.steps;
        for (const step of steps?.slice(shown) ?? []) {
          shown += 1;
          yield step;
          if (step.reply.final) return;
        }
        await sleep(systemClock, everyMs, signal);
      }
    },
  };
}

/** None for what another version of the program means by a command. */
function pastOf(row: Facts): CommandPast[] {
  const { by, deviceKey, expiresMs, id, issuedMs, name, params, reason, run } = row;
  const place = typeof deviceKey === "string" ? parseDeviceKey(deviceKey) : undefined;
  if (place === undefined || typeof id !== "string" || typeof name !== "string") return [];
  const command: Command = {
    ...{ id, name, ...place.origin, device: place.device, by: String(by) },
    params: paramsOf(params),
    ...{ issuedMs: momentOf(issuedMs), expiresMs: momentOf(expiresMs) },
    ...(typeof reason === "string" && { reason }),
    ...(typeof run === "string" && { run }),
  };
  const told = Array.isArray(row["steps"]) ? row["steps"].filter(isObject) : [];
  const steps = told.filter((step) => cancelBy(step) === undefined);
  const replies = steps.flatMap((step, at) => stepOf(command, row, step, at));
  const cancels = told.flatMap((step): CommandCancel[] => {
    const who = cancelBy(step);
    const { device, gateway, site } = command;
    return who === undefined
      ? []
      : [{ id, site, gateway, device, issuedMs: momentOf(step["atMs"]), by: who }];
  });
  return [{ command, storedMs: command.issuedMs, steps: replies, cancels }];
}

/** The API has a wish to take a command back among the steps, in words. */
function cancelBy({ text }: Facts): string | undefined {
  return /^(.*) asked to take it back$/s.exec(String(text))?.[1];
}

function stepOf(command: Command, row: Facts, step: Facts, at: number): StoredReply[] {
  const { answer, atMs, attempt, state, text } = step;
  const isLast = Array.isArray(row["steps"]) && row["steps"].at(-1) === step;
  const { isFinal, validUntilMs } = row;
  const known = commandStates.find((one): one is CommandState => one === state);
  if (known === undefined) return [];
  const reply = {
    ...{
      command: command.id,
      name: command.name,
      state: known,
      step: at + 1,
      final: isLast && isFinal === true,
    },
    ...(isLast &&
      typeof validUntilMs === "number" && { validUntil: formatTime(momentOf(validUntilMs)) }),
    ...(typeof attempt === "number" && { attempt }),
    ...(typeof text === "string" && { text }),
    ...(typeof answer === "string" && { answer }),
  };
  const timeMs = momentOf(atMs);
  return [
    { reply, device: command.device, timeMs, storedMs: timeMs, streamSeq: toStreamSeq(at + 1) },
  ];
}

/** 1970 for what is no time. */
function momentOf(ms: unknown): number {
  return typeof ms === "number" && Math.abs(ms) <= latestMs ? ms : 0;
}

function paramsOf(params: unknown): Command["params"] {
  const entries = isObject(params) ? Object.entries(params) : [];
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === "number" || typeof value === "boolean" ? value : String(value),
    ]),
  );
}
