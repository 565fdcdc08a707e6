/** Commands of one device: those there are, and what is asked of the server about them. */
import { useMemo } from "preact/hooks";
import type { Problem } from "../../../api/problem.ts";
import type { CommandMade, CommandRow, DryRun } from "../../../api/shapes/command.ts";
import type { ParamValue } from "../../parts/typed-params.ts";
import { type Answer, tell } from "../../state/ask.ts";
import { useTopic } from "../../state/live.ts";
import { useAnswer } from "../../state/use-answer.ts";
import { newestFirst } from "./command-words.ts";

/** What a device is to be told. */
export interface Order {
  readonly device: string;
  readonly name: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Of what is dangerous: the name of the device, as it was typed. */
  readonly confirm?: string;
  /** Nothing is sent when so much time has passed; without it, as its profile says. */
  readonly validForMs?: number;
}

/** What would leave, if it were sent now. */
export function dryRun(order: Order): Promise<Answer<DryRun>> {
  return tell<DryRun>("/commands/dry-run", order);
}

export function sendCommand(order: Order, reason: string): Promise<Answer<CommandMade>> {
  return tell<CommandMade>("/commands", { ...order, ...(reason !== "" && { reason }) });
}

export function cancelCommand(id: string, reason: string): Promise<Answer<CommandMade>> {
  return tell<CommandMade>(
    `/commands/${encodeURIComponent(id)}/cancel`,
    reason === "" ? {} : { reason },
  );
}

export interface CommandsOfDevice {
  /** The newest first; undefined until they have come. */
  readonly commands: readonly CommandRow[] | undefined;
  readonly problem: Problem | undefined;
  again(): void;
}

/** Those that are kept, and each as it is now. */
export function useCommands(device: string): CommandsOfDevice {
  const asked = useAnswer<{ readonly commands: readonly CommandRow[] }>("/commands", { device });
  const { rows } = useTopic<CommandRow>("commands");
  const commands = useMemo(() => {
    if (!asked.value) return undefined;
    const known = new Map(asked.value.commands.map((row) => [row.id, row]));
    for (const row of rows.values()) if (row.deviceKey === device) known.set(row.id, row);
    return [...known.values()].sort(newestFirst);
  }, [asked.value, rows, device]);
  return { commands, problem: asked.problem, again: asked.again };
}
