/** What `send` takes, asks and says, to a device here or elsewhere. */
import type { Command } from "../core/command.ts";
import { describeCommand } from "./commands-text.ts";
import { isMeant } from "./is-meant.ts";
import { printAnswer } from "./print-answer.ts";
import type { RemoteOptions } from "./remote.ts";
import type { ServerOptions } from "./servers-of.ts";

export interface SendOptions extends ServerOptions, RemoteOptions {
  readonly gateway?: string;
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly expires?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly reason?: string;
  readonly by?: string;
  readonly output?: "text" | "json";
}

/** What is dangerous, or nobody here knows, is asked about. */
export async function isWanted(
  command: Command,
  known: { readonly about: string; readonly danger: boolean } | undefined,
  { yes }: SendOptions,
): Promise<boolean> {
  if (known?.danger === false) return true;
  const why =
    known === undefined
      ? "nobody here knows whether it is dangerous"
      : `it is marked as dangerous (${known.about.replace(/\.$/, "")})`;
  return isMeant(`send ${describeCommand(command)}: ${why}`, { yes });
}

export function saySent(command: Command, options: SendOptions): void {
  const { gateway, id } = command;
  printAnswer(options, "command-sent/1", { command }, () => [
    `${id}  ${describeCommand(command)} through ${gateway}`,
  ]);
  if (!options.wait) process.stderr.write(`next: sluicegate commands show ${id}\n`);
}
