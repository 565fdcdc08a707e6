/** `sluicegate plan run`: asks for a run of a plan, and shows what becomes of it. */

import type { PlanBook } from "../app/plan-book.ts";
import { checkOrders } from "../app/plan-orders.ts";
import { systemClock } from "../app/system-clock.ts";
import { printFaults } from "../config/print-faults.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { SiteReading } from "../config/site/site-reading.ts";
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { isId, toSiteId } from "../core/ids.ts";
import { printable } from "../core/printable.ts";
import { suggest } from "../core/suggest.ts";
import { bindPlan } from "../plans/bind-plan.ts";
import type { Plan } from "../plans/plan.ts";
import { hasEnded, type PlanRun } from "../plans/plan-run.ts";
import { parsePlans } from "../plans/plan-schema.ts";
import { newRunName, requestRun } from "../plans/request-run.ts";
import { waitsFor } from "../plans/waits-for.ts";
import { type PlanOptions, personsWord, print, printRun, withBook } from "./plan.ts";
import { dryLines, runLine } from "./plan-text.ts";
import { printAnswer } from "./print-answer.ts";
import { filesHere, siteOf } from "./site.ts";

export interface PlanRunOptions extends PlanOptions {
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
  readonly site?: string;
  readonly reason?: string;
}

/** A run that nobody has taken up by then is most often one that nobody is there for. */
const hintAfterMs = 10_000;

/** Exit 1 with `--wait` where the run ends otherwise than done. */
export async function runPlan(
  name: string,
  parameters: readonly string[],
  options: PlanRunOptions,
): Promise<void> {
  const site = await siteOf(options.config);
  const plan = await planOf(name, site);
  const bound = bindPlan(plan, valuesOf(parameters), site.config.gateway.id);
  if ("problems" in bound) throw new GatewayError("usage", bound.problems.join("; "));
  const dangerous = checkOrders(bound.steps, site);
  const danger = dangerous.length > 0 ? [`dangerous: ${dangerous.join(", ")}`] : [];
  if (options.dryRun) {
    const steps = dryLines(bound.steps);
    return printAnswer(options, "plan-steps/1", { steps, dangerous }, () => [...steps, ...danger]);
  }
  demandMeant(dangerous, options);
  const where = options.site ?? site.config.site;
  if (!isId(where)) throw new GatewayError("usage", `--site ${where}: is no name of a site`);
  const requested = personsWord(options.reason);
  const run = requestRun(
    plan,
    bound,
    { run: newRunName(plan, requested.atMs), site: toSiteId(where) },
    requested,
  );
  await withBook(options, async (book) => {
    const { known, unknown } = await book.devices(run);
    demandMeant(checkOrders(bound.steps, site, known), options);
    for (const device of unknown) tell(`${device} has told nothing of itself yet`);
    await book.request(run);
    if (options.wait) await watch(book, run, options);
    else if (options.output === "json") printRun(options, run);
    else print([`${run.run} is requested; sluicegate plan show ${run.run} tells how it is`]);
  });
}

function demandMeant(dangerous: readonly string[], { yes }: PlanRunOptions): void {
  if (dangerous.length === 0 || yes) return;
  const words = `dangerous: ${dangerous.join(", ")}`;
  throw new GatewayError("usage", `${words}; --dry-run shows all steps, --yes does them`);
}

async function watch(book: PlanBook, run: PlanRun, options: PlanRunOptions): Promise<void> {
  const ending = new AbortController();
  process.once("SIGINT", () => {
    tell(`${run.run} goes on; sluicegate plan cancel ${run.run} takes it back`);
    process.exitCode = 130;
    ending.abort();
  });
  void sleep(systemClock, hintAfterMs, ending.signal).then(async () => {
    if (ending.signal.aborted || last.state !== "requested") return;
    const { runs } = await book.list().catch(() => ({ runs: [] }));
    const waits = waitsFor(run, runs);
    if (waits !== undefined) tell(`it ${waits}`);
    else tell("nobody has taken it up yet; plans are run by the role processor");
  });
  let last = run;
  tell(runLine(run));
  for await (const next of book.follow(run, ending.signal)) {
    last = next;
    tell(runLine(next));
    if (hasEnded(next)) break;
  }
  const isInterrupted = ending.signal.aborted;
  ending.abort();
  if (isInterrupted) return;
  printRun(options, last);
  if (last.state !== "done") process.exitCode = 1;
}

/** A plan of the site's files, or the one of a file that is named. */
async function planOf(name: string, { plans }: LoadedSite): Promise<Plan> {
  const found = plans.get(name);
  if (found) return found;
  if (!/[./]/.test(name)) {
    const meant = suggest(name, plans.keys());
    const known = [...plans.keys()].join(", ") || "none; plans.files names where they are";
    const hint = meant ? `did you mean ${meant}?` : `there are ${known}`;
    throw new GatewayError("not-found", `no plan is named ${name}; ${hint}`);
  }
  const reading = new SiteReading(filesHere());
  const file = await reading.read(name, { parse: parsePlans });
  process.stderr.write(printFaults(reading.faults, reading.fileCount, "text"));
  if (!file?.value) throw new GatewayError("config.invalid", `${name} is no plan file`);
  const [plan, ...more] = file.value;
  if (plan && more.length === 0) return plan;
  throw new GatewayError("usage", `${name} has ${file.value.length} plans; name a file with one`);
}

function valuesOf(parameters: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const parameter of parameters) {
    const at = parameter.indexOf("=");
    if (at < 1) throw new GatewayError("usage", `${parameter}: write it as name=value`);
    values[parameter.slice(0, at)] = parameter.slice(at + 1);
  }
  return values;
}

function tell(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}
