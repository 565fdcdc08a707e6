/** `sluicegate doctor`: does this machine work, and does what it reaches? */
import type { Check } from "../app/doctor/check.ts";
import { checks } from "../app/doctor/checks.ts";
import { chooseChecks } from "../app/doctor/choose-checks.ts";
import { openSurroundings } from "../app/doctor/open-surroundings.ts";
import { type CheckResult, runChecks } from "../app/doctor/run-checks.ts";
import { systemClock } from "../app/system-clock.ts";
import { parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { doctorJson, doctorMetrics, nagiosLine, nagiosStatus } from "./doctor-formats.ts";
import { sumOf } from "./doctor-sum.ts";
import { resultLines, sumLine } from "./doctor-text.ts";
import { answerText } from "./print-answer.ts";
import { printInTime } from "./print-in-time.ts";

export interface DoctorOptions {
  readonly config: string;
  readonly list?: boolean;
  readonly only?: string;
  readonly skip?: string;
  readonly strict?: boolean;
  readonly timeout: string;
  readonly output: "text" | "json" | "nagios" | "prometheus";
}

const interrupted = 130;
const farewellMs = 300;

/** Prints what each check finds as soon as it is known; resolves with the exit status. */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const capMs = capOf(options.timeout);
  const chosen = chooseChecks(checks, { only: namesOf(options.only), skip: namesOf(options.skip) });
  if (options.list) {
    await printList(chosen, options.output);
    return 0;
  }
  const ending = new AbortController();
  const interrupt = (): void => ending.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  const beganMs = systemClock.monotonicMs();
  const around = openSurroundings({ configPath: options.config, env: process.env, capMs });
  const results: CheckResult[] = [];
  for await (const result of runChecks(chosen, around, {
    ...{ clock: systemClock, capMs, signal: ending.signal },
  })) {
    const before = results.findLast(({ findings }) => findings.length > 0)?.check.group;
    results.push(result);
    if (options.output !== "text") continue;
    for (const line of resultLines(result, before)) await printInTime(printable(line));
  }
  const tookMs = systemClock.monotonicMs() - beganMs;
  const status = await printSum(results, tookMs, options);
  leaveSoon(around.close);
  return ending.signal.aborted ? interrupted : status;
}

async function printSum(
  results: readonly CheckResult[],
  tookMs: number,
  { output, strict = false }: DoctorOptions,
): Promise<number> {
  const sum = sumOf(results);
  if (output === "text") await printInTime(sumLine(sum, tookMs));
  if (output === "json") await printInTime(doctorJson(results, tookMs));
  if (output === "prometheus") process.stdout.write(doctorMetrics(results, systemClock.wallMs()));
  if (output === "nagios") {
    await printInTime(printable(nagiosLine(results)));
    const status = nagiosStatus(sum);
    return strict && status === 1 ? 2 : status;
  }
  return sum.errors > 0 || (strict && sum.warnings > 0) ? 1 : 0;
}

/** What hangs keeps no command from its end. */
function leaveSoon(close: () => Promise<void>): void {
  void close();
  setTimeout(() => process.exit(), farewellMs).unref();
}

async function printList(list: readonly Check[], output: DoctorOptions["output"]): Promise<void> {
  if (output === "json") {
    const rows = list.map(({ asks, group, id }) => ({ id, group, asks }));
    return printInTime(answerText("doctor-checks/1", { checks: rows }));
  }
  const width = Math.max(...list.map(({ id }) => id.length));
  for (const { asks, group, id } of list)
    await printInTime(`${id.padEnd(width)}  ${group.padEnd(9)}  ${asks}`);
}

function namesOf(text: string | undefined): readonly string[] {
  return (text ?? "").split(/[\s,]+/).filter((name) => name !== "");
}

function capOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 100 && ms <= 600_000) return ms;
  throw new GatewayError("usage", `--timeout ${text}: write a duration such as 5s, 100ms to 10m`);
}
