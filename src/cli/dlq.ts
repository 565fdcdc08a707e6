/** `sluicegate dlq ls|show|try|reprocess|discard`: messages of devices that were rejected. */
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import type { Asked } from "../core/question.ts";
import { askRole } from "../telemetry/status-client.ts";
import type { DlqOptions, DlqQuestion } from "./dlq-options.ts";
import { againLines, groupLines, messageLines, outOfReach } from "./dlq-text.ts";
import type { FormName } from "./forms.ts";
import { isMeant } from "./is-meant.ts";
import { printAnswer } from "./print-answer.ts";
import { remoteOf } from "./remote.ts";
import { socketOf } from "./site.ts";

type Answer = Readonly<Record<string, unknown>>;

/** Prints the groups. */
export async function listRejected(options: DlqOptions): Promise<void> {
  print(options, "rejected/1", await ask("rejected", options), groupLines);
}

/** Prints messages whole. */
export async function showRejected(options: DlqOptions): Promise<void> {
  print(options, "rejected-messages/1", await ask("show-rejected", options), messageLines);
}

/** Prints what would become of them; exit 1 where some are still not read. */
export async function tryRejected(options: DlqOptions): Promise<void> {
  const answer = await ask("try-rejected", options);
  print(options, "read-again/1", answer, (one) => againLines(one, "would be stored"));
  if (answer["rejected"] !== 0) process.exitCode = 1;
}

/** Stores what is read now, a thousand at a time; exit 1 where some are still not read. */
export async function reprocessRejected(options: DlqOptions): Promise<void> {
  demandChoice(options);
  if (options.dryRun) return tryRejected(options);
  const answer = await ask("reprocess", options);
  print(options, "read-again/1", answer, (one) => againLines(one, "stored"));
  if (answer["rejected"] !== 0) process.exitCode = 1;
}

/** Notes that they are of no use. */
export async function discardRejected(options: DlqOptions): Promise<void> {
  demandChoice(options);
  if (options.dryRun) return listRejected(options);
  if (!(await isMeant("discard them", options))) return;
  const answer = await ask("discard", options);
  print(options, "discarded/1", answer, ({ discarded, more }) => [
    `${discarded} discarded${more === true ? "; there are more, call it again" : ""}`,
  ]);
}

/** A slip must not reach everything. */
function demandChoice({ all, code, id, profile, topic }: DlqOptions): void {
  if (all || code !== undefined || id !== undefined || profile !== undefined || topic !== undefined)
    return;
  throw new GatewayError("usage", "say which: --id, --code, --profile or --topic, or --all");
}

/** Of the gateway that runs here, or of one elsewhere. */
async function ask(question: DlqQuestion, options: DlqOptions): Promise<Answer> {
  const remote = await remoteOf(options);
  if (remote) return (await import("./remote-dlq.ts")).askThere(remote, question, options);
  const asked: Record<string, string> = {};
  for (const name of ["id", "code", "profile", "topic", "limit", "reason"] as const) {
    const value = options[name];
    if (value !== undefined) asked[name] = value;
  }
  const answer = await askRole(await socketOf(options), question, asked satisfies Asked);
  if (!isObject(answer)) throw new GatewayError("status.unreachable", "the answer is no object");
  if (typeof answer["problem"] === "string") throw new GatewayError("usage", answer["problem"]);
  return answer;
}

function print(
  options: DlqOptions,
  form: FormName,
  answer: Answer,
  linesOf: (answer: Answer) => readonly string[],
): void {
  printAnswer(options, form, answer, () => linesOf(answer));
  if (answer["complete"] === false) process.stderr.write(`${outOfReach}\n`);
}
