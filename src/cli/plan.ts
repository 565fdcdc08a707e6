/** `sluicegate plan ls|show|cancel|settle`: runs of plans. */
import { userInfo } from "node:os";
import { openPlanBook, type PlanBook } from "../app/plan-book.ts";
import { systemClock } from "../app/system-clock.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { cancelRun, settleRun } from "../plans/advance.ts";
import { isOver, mostReasonChars, type PersonsWord, type PlanRun } from "../plans/plan-run.ts";
import { tooLate } from "../plans/too-late.ts";
import { waitsFor } from "../plans/waits-for.ts";
import { backboneServersOf } from "./backbone-servers.ts";
import { isMeant } from "./is-meant.ts";
import { runLine, runLines } from "./plan-text.ts";
import { printAnswer } from "./print-answer.ts";
import { siteOf } from "./site.ts";

export interface PlanOptions {
  readonly config: string;
  readonly nats?: string;
  readonly output: "text" | "json";
}

/** How a run is changed. */
export interface ChangeRunOptions extends PlanOptions {
  readonly reason?: string;
  readonly dryRun?: boolean;
}

const mostEnded = 20;
const mostUnread = 5;

/** Prints a line for each, the newest last. */
export async function listRuns(options: PlanOptions & { readonly all?: boolean }): Promise<void> {
  const { runs, unread } = await withBook(options, (book) => book.list());
  const ended = runs.filter(isOver);
  const shown = new Set(options.all ? ended : ended.slice(-mostEnded));
  const some = runs.filter((run) => shown.has(run) || !isOver(run));
  printAnswer(options, "plan-runs/1", { runs: some }, () =>
    some.length > 0 ? some.map(runLine) : ["no runs"],
  );
  for (const subject of unread.slice(0, mostUnread))
    process.stderr.write(
      `sluicegate: the last message of ${printable(subject)} cannot be read here; ` +
        "perhaps a later version wrote it\n",
    );
}

/** Prints one whole, and what it waits for. */
export async function showRun(name: string, options: PlanOptions): Promise<void> {
  await withBook(options, async (book) => {
    const run = await book.find(name);
    printRun(options, run);
    const { runs } = run.state === "requested" ? await book.list() : { runs: [] };
    const waits = waitsFor(run, runs);
    if (waits !== undefined) process.stderr.write(`${printable(`it ${waits}`)}\n`);
  });
}

/** Asks whoever runs it to turn back. */
export async function cancelPlan(name: string, options: ChangeRunOptions): Promise<void> {
  await changeRun(name, options, {
    words: `cancel ${name} and take back what was done of it`,
    change: cancelRun,
    otherwise: (run) => tooLate("cancel", run),
  });
}

/** Notes that a person saw to it. */
export async function settlePlan(name: string, options: ChangeRunOptions): Promise<void> {
  await changeRun(name, options, {
    words: `note that somebody saw to ${name}`,
    change: settleRun,
    otherwise: (run) => tooLate("settle", run),
  });
}

interface RunChange {
  /** What it is, for people. */
  readonly words: string;
  /** Gives the run itself where there is nothing to change. */
  readonly change: (run: PlanRun, word: PersonsWord) => PlanRun;
  readonly otherwise: (run: PlanRun) => string;
}

async function changeRun(
  name: string,
  options: ChangeRunOptions,
  { change, otherwise, words }: RunChange,
): Promise<void> {
  const word = personsWord(options.reason);
  let isChanged = false;
  const next = (one: PlanRun): PlanRun => {
    const changed = change(one, word);
    isChanged = changed !== one;
    return changed;
  };
  const run = await withBook(options, async (book) => {
    if (!options.dryRun) return book.change(name, next);
    const one = await book.find(name);
    next(one);
    return one;
  });
  if (!isChanged) throw new GatewayError("conflict", `${name} is ${run.state}; ${otherwise(run)}`);
  if (options.dryRun) await isMeant(words, options);
  else printRun(options, run);
}

/** Who it is that calls a command, and why. Throws `usage` for a reason that is too long. */
export function personsWord(reason: string | undefined): PersonsWord {
  if (reason !== undefined && reason.length > mostReasonChars)
    throw new GatewayError("usage", `--reason: write at most ${mostReasonChars} characters`);
  const by = userInfo().username;
  return { by, ...(reason !== undefined && { reason }), atMs: systemClock.wallMs() };
}

/** Opens the book of the site's backbone for as long as `work` takes. */
export async function withBook<T>(
  options: PlanOptions,
  work: (book: PlanBook, site: LoadedSite) => Promise<T>,
): Promise<T> {
  const site = await siteOf(options.config);
  const book = await openPlanBook(site, await backboneServersOf(site, options));
  try {
    return await work(book, site);
  } finally {
    await book.close();
  }
}

export function printRun(options: PlanOptions, run: PlanRun): void {
  printAnswer(options, "plan-run/1", run, () => runLines(run));
}

export function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${printable(line)}\n`).join(""));
}
