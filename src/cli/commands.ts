/** `sluicegate commands ls|show|cancel`: what devices were told, and what became of it. */
import { userInfo } from "node:os";
import { CommandDesk } from "../app/command-desk.ts";
import { systemClock } from "../app/system-clock.ts";
import type { EpochMs } from "../core/clock.ts";
import { type Command, commandStates } from "../core/command.ts";
import { durationHintFor, parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { matchesGlob } from "../core/glob.ts";
import { suggest } from "../core/suggest.ts";
import type { CommandPast } from "../stream/command-history.ts";
import { describeCommand, historyLines, pastLines, standingOf } from "./commands-text.ts";
import type { Context } from "./contexts-file.ts";
import { printAnswer } from "./print-answer.ts";
import { type RemoteOptions, remoteOf } from "./remote.ts";
import { type ServerOptions, serversOf } from "./servers-of.ts";
import { placeOf } from "./site.ts";
import { watchCommand } from "./watch-command.ts";

export interface CommandsOptions extends ServerOptions, RemoteOptions {
  readonly since: string;
  readonly output?: "text" | "json";
}

export interface ListOptions extends CommandsOptions {
  readonly device?: string;
  readonly state?: string;
  readonly gateway?: string;
  readonly limit: string;
}

export interface CancelOptions extends CommandsOptions {
  readonly reason?: string;
  readonly by?: string;
  readonly wait?: boolean;
}

const standings = ["issued", ...commandStates] as const;

/** Prints a line for each, the latest last. */
export async function listCommands(options: ListOptions): Promise<void> {
  const { device, gateway, state } = options;
  if (state !== undefined && !standings.some((one) => one === state)) {
    const meant = suggest(state, standings);
    const advice = meant ? `did you mean ${meant}?` : `there are ${standings.join(", ")}`;
    throw new GatewayError("usage", `--state ${state} is no state; ${advice}`);
  }
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new GatewayError("usage", `--limit ${options.limit}: write a whole number above 0`);
  const remote = await remoteOf(options);
  const show = (all: readonly CommandPast[]): void => {
    const wanted = all.filter(
      (past) =>
        (device === undefined || matchesGlob(device, past.command.device)) &&
        (gateway === undefined || matchesGlob(gateway, past.command.gateway)) &&
        (state === undefined || standingOf(past) === state),
    );
    const shown = wanted.slice(-limit);
    const commands = shown.map(plainOf);
    printAnswer(options, "commands/1", { commands }, () => historyLines(shown));
    if (shown.length < wanted.length)
      process.stderr.write(`(${wanted.length - shown.length} earlier ones left out; --limit)\n`);
  };
  if (remote === undefined)
    return atDesk(options, async (desk) => show(await desk.history(sinceOf(options))));
  const { remotePasts } = await import("./remote-commands.ts");
  const sinceMs = sinceOf(options);
  show((await remotePasts(remote)).filter(({ command }) => command.issuedMs >= sinceMs));
}

/** Prints all of one. */
export async function showCommand(id: string, options: CommandsOptions): Promise<void> {
  const remote = await remoteOf(options);
  const show = (past: CommandPast): void =>
    printAnswer(options, "command/1", plainOf(past), () => pastLines(past, systemClock.wallMs()));
  if (remote === undefined)
    return atDesk(options, async (desk) => show(await find(desk, id, options)));
  const { findRemotePast } = await import("./remote-commands.ts");
  show(await findRemotePast(remote, id));
}

/** Asks for a command to be taken back; exit 1 where it has ended, or does with `--wait`. */
export async function cancelCommand(id: string, options: CancelOptions): Promise<void> {
  const remote = await remoteOf(options);
  if (remote) return cancelThere(remote, id, options);
  await atDesk(options, async (desk) => {
    const { command, steps } = await find(desk, id, options);
    demandOpen(id, steps);
    const { reason } = options;
    const { device, gateway, site } = command;
    const storedMs = await desk.cancel({
      ...{ id, site, gateway, device },
      issuedMs: systemClock.wallMs(),
      by: options.by ?? userInfo().username,
      ...(reason !== undefined && { reason }),
    });
    await sayCancelled(desk, command, storedMs, options);
  });
}

async function cancelThere(context: Context, id: string, options: CancelOptions): Promise<void> {
  const there = await import("./remote-commands.ts");
  const { command, steps } = await there.findRemotePast(context, id);
  demandOpen(id, steps);
  await there.cancelRemote(context, id, options.reason);
  await sayCancelled(there.remoteSteps(context), command, command.issuedMs, options);
}

function demandOpen(id: string, steps: CommandPast["steps"]): void {
  const last = steps.at(-1)?.reply;
  if (last?.final === true) throw new GatewayError("conflict", `${id} has ended: ${last.state}`);
}

async function sayCancelled(
  steps: Pick<CommandDesk, "follow">,
  command: Command,
  storedMs: EpochMs,
  options: CancelOptions,
): Promise<void> {
  process.stderr.write(
    `asked ${command.gateway} to take back ${describeCommand(command)}: it does while nothing was sent\n`,
  );
  if (!options.wait) return;
  const end = await watchCommand(steps, command, storedMs, { ...options, timeoutMs: undefined });
  if (end?.final === true) process.exitCode = end.state === "cancelled" ? 0 : 1;
}

async function find(desk: CommandDesk, id: string, options: CommandsOptions): Promise<CommandPast> {
  const all = await desk.history(sinceOf(options));
  const found = all.find(({ command }) => command.id === id);
  if (found !== undefined) return found;
  const meant = suggest(
    id,
    all.map(({ command }) => command.id),
  );
  const advice =
    meant === undefined ? "sluicegate commands ls lists them" : `did you mean ${meant}?`;
  throw new GatewayError(
    "not-found",
    `no command ${id} was issued since ${options.since} ago; ${advice}`,
  );
}

function sinceOf({ since }: CommandsOptions): number {
  const ms = parseDuration(since);
  if (ms === undefined)
    throw new GatewayError(
      "usage",
      `--since ${since} is not a duration; ${durationHintFor(since)}`,
    );
  return systemClock.wallMs() - ms;
}

/** As it stands, for programs. */
function plainOf(past: CommandPast): object {
  const { cancels, command, steps } = past;
  return {
    ...command,
    state: standingOf(past),
    final: steps.at(-1)?.reply.final === true,
    steps: steps.map(({ reply, timeMs }) => ({ ...reply, timeMs })),
    cancels,
  };
}

async function atDesk(
  options: CommandsOptions,
  work: (desk: CommandDesk) => Promise<void>,
): Promise<void> {
  const place = await placeOf(options.config);
  const desk = new CommandDesk(place, await serversOf(place, options));
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}
