/** Commands with what became of them: orders and steps, read together. */
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import type { Command, CommandCancel } from "../core/command.ts";
import type { Origin } from "../core/event.ts";
import type { SiteId } from "../core/ids.ts";
import { siteCommands } from "../core/subject.ts";
import { commandIdOf, readCommands } from "./command-log.ts";
import { readReplies, type StoredReply } from "./command-replies.ts";

/** A command, and all that is known of it now. */
export interface CommandPast {
  readonly command: Command;
  /** When the server stored it. */
  readonly storedMs: EpochMs;
  /** In order, each once. */
  readonly steps: readonly StoredReply[];
  readonly cancels: readonly CommandCancel[];
}

/** Gives the commands of a site that were stored at `sinceMs` or later, the first first. */
export async function readCommandHistory(
  connection: NatsConnection,
  site: SiteId,
  sinceMs: EpochMs,
): Promise<CommandPast[]> {
  const pasts = new Map<string, Writable>();
  const cancels: CommandCancel[] = [];
  await readCommands(connection, siteCommands(site), sinceMs, (order) => {
    if (order.order === "cancel") cancels.push(order.cancel);
    else if (!pasts.has(commandIdOf(order))) {
      const { command, storedMs } = order;
      pasts.set(command.id, { command, storedMs, steps: [], cancels: [] });
    }
  });
  for (const cancel of cancels) pasts.get(cancel.id)?.cancels.push(cancel);
  const gateways = new Set([...pasts.values()].map(({ command }) => command.gateway));
  for (const gateway of gateways) await addSteps(connection, { site, gateway }, sinceMs, pasts);
  return [...pasts.values()];
}

type Writable = Omit<CommandPast, "steps" | "cancels"> & {
  readonly steps: StoredReply[];
  readonly cancels: CommandCancel[];
};

async function addSteps(
  connection: NatsConnection,
  origin: Origin,
  sinceMs: EpochMs,
  pasts: ReadonlyMap<string, Writable>,
): Promise<void> {
  await readReplies(connection, origin, sinceMs, (stored) => {
    const past = pasts.get(stored.reply.command);
    if (past === undefined || past.command.gateway !== origin.gateway) return;
    const last = past.steps.at(-1)?.reply;
    if (last === undefined || (!last.final && last.step < stored.reply.step))
      past.steps.push(stored);
  });
}
