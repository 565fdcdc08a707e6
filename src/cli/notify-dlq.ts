/** `sluicegate notify dlq ls|show|resend`: what receivers were never told of. */

import { type DeadLetterOffice, openDeadLetterOffice } from "../app/dead-letter-office.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import type { DeadLetter } from "../notify/dead-letters.ts";
import { aboutOf } from "./alerts-text.ts";
import { backboneServersOf } from "./backbone-servers.ts";
import { printAnswer } from "./print-answer.ts";
import { filesHere, siteOf } from "./site.ts";

export interface DeadLetterOptions {
  readonly config: string;
  readonly nats?: string;
  readonly output?: "text" | "json";
  readonly dryRun?: boolean;
}

/** Prints them, one a line. */
export async function listDeadLetters(
  receiver: string | undefined,
  options: DeadLetterOptions,
): Promise<void> {
  const office = await openOffice(receiver, options);
  const { letters } = office;
  printAnswer(options, "dead-letters/1", { letters }, () =>
    letters.length > 0 ? letters.map(describe) : ["no dead letters"],
  );
  await office.close();
}

/** Prints one whole. */
export async function showDeadLetter(
  receiver: string,
  id: string,
  options: DeadLetterOptions,
): Promise<void> {
  const office = await openOffice(receiver, options);
  const letter = office.letters.find(({ alert }) => alert.id === id);
  await office.close();
  if (letter === undefined)
    throw new GatewayError("not-found", `${receiver} has no dead letter ${id}`);
  printAnswer(options, "dead-letter/1", letter, () =>
    JSON.stringify(letter, undefined, 2).split("\n"),
  );
}

/** Sends them again, once each; exit 1 when some are left. */
export async function resendDeadLetters(
  receiver: string,
  options: DeadLetterOptions,
): Promise<void> {
  const office = await openOffice(receiver, options);
  if (options.dryRun) {
    for (const letter of office.letters) print(`would tell: ${describe(letter)}`);
    if (office.letters.length === 0) print("no dead letters");
    return office.close();
  }
  // Behind one that is not taken, nothing of its instance is sent.
  const stuck = new Set<string>();
  for (const letter of office.letters) {
    if (stuck.has(letter.alert.instance)) continue;
    const delivery = await office.resend(letter);
    if (delivery?.kind !== "delivered") stuck.add(letter.alert.instance);
    const outcome = delivery?.kind === "delivered" ? "delivered" : `left: ${delivery?.reason}`;
    print(`${letter.alert.id} ${outcome}`);
  }
  if (office.letters.length === 0) print("no dead letters");
  if (stuck.size > 0) process.exitCode = 1;
  await office.close();
}

async function openOffice(
  receiver: string | undefined,
  options: DeadLetterOptions,
): Promise<DeadLetterOffice> {
  const site = await siteOf(options.config);
  const servers = await backboneServersOf(site, options);
  return openDeadLetterOffice(site, servers, filesHere(), receiver);
}

function describe({ alert, at, attempts, reason, receiver }: DeadLetter): string {
  const { annotations, id, labels, rule, severity, state } = alert;
  const what = annotations["summary"] ?? aboutOf(labels);
  return `${receiver} ${id} ${state.toUpperCase()} ${severity} ${rule}: ${what} (given up ${at} after ${attempts}: ${reason})`;
}

function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}
