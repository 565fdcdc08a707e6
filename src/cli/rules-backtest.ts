/** `sluicegate rules backtest`: rules heard on what was recorded. */
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin, StoredEvent } from "../core/event.ts";
import { Backtest } from "../rules/trial/backtest.ts";
import { compareEpisodes } from "../rules/trial/compare-episodes.ts";
import { givenRules, sweptRules } from "./backtest-rules.ts";
import { hearSource, type SourceOptions } from "./backtest-source.ts";
import {
  againstLines,
  type Heard,
  plainResult,
  resultLines,
  sayHeard,
  sweepLines,
} from "./backtest-text.ts";
import { printAnswer } from "./print-answer.ts";
import { timeFlag } from "./time-flag.ts";

export interface BacktestOptions extends SourceOptions {
  readonly since?: string;
  readonly until?: string;
  readonly against?: string;
  readonly sweep?: string;
  readonly by: "rule" | "device";
  readonly output: "text" | "json";
}

/** Prints what the rules make of it; tells nobody and stores nothing. */
export async function backtestRules(
  paths: readonly string[],
  options: BacktestOptions,
): Promise<void> {
  const { against, by, output, sweep } = options;
  if (against !== undefined && sweep !== undefined)
    throw new GatewayError("usage", "--against and --sweep exclude each other; keep one");
  const given = await givenRules(paths, options.config);
  if (sweep !== undefined) {
    const tests = new Map(
      Array.from(sweptRules(sweep, given), ([value, rules]) => [value, new Backtest(rules)]),
    );
    const heard = await hear([...tests.values()], options);
    const rows = Array.from(tests, ([value, test]) => [value, test.result()] as const);
    return print(heard, output, sweepLines(sweep, rows, heard), {
      sweep: rows.map(([value, result]) => ({ value, ...plainResult(result, heard, by, false) })),
    });
  }
  const here = new Backtest(given);
  if (against === undefined) {
    const heard = await hear([here], options);
    const result = here.result();
    return print(heard, output, resultLines(result, heard, by), plainResult(result, heard, by));
  }
  const there = new Backtest(await givenRules([against], options.config));
  const heard = await hear([here, there], options);
  const compared = compareEpisodes(here.result().episodes, there.result().episodes);
  print(heard, output, againstLines(compared, against), compared);
}

function print(
  heard: Heard,
  output: BacktestOptions["output"],
  lines: readonly string[],
  plain: object,
): void {
  for (const line of [sayHeard(heard), ...heard.notes]) process.stderr.write(`${line}\n`);
  const { events, notes } = heard;
  printAnswer({ output }, "backtest/1", { events, notes, ...plain }, () => lines);
}

/** Feeds all of them with what was recorded between the two times. */
async function hear(tests: readonly Backtest[], options: BacktestOptions): Promise<Heard> {
  const { since, until } = options;
  const sinceMs = since === undefined ? Number.NEGATIVE_INFINITY : timeFlag("--since", since);
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : timeFlag("--until", until);
  const beganMs = systemClock.monotonicMs();
  let [events, firstMs, lastMs] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (event: StoredEvent): boolean => {
    const { kind, receivedMs } = event;
    if (receivedMs > untilMs) return true;
    // Who the devices are was said before, once.
    if (receivedMs < sinceMs && kind !== "device") return true;
    for (const test of tests) test.feed(event);
    if (receivedMs < sinceMs) return true;
    events += 1;
    firstMs = Math.min(firstMs, receivedMs);
    lastMs = Math.max(lastMs, receivedMs);
    return true;
  };
  const onGateways = (origins: readonly Origin[]): void => {
    for (const test of tests) test.expect(origins);
  };
  const isAboutSites = tests.some((test) => test.isAboutSites);
  const hearing = { take, onGateways, isAboutSites, sinceMs, untilMs };
  const { gateways, notes, others } = await hearSource(options, hearing);
  for (const test of tests) test.finish();
  const tookMs = systemClock.monotonicMs() - beganMs;
  return { events, gateways, others, firstMs, lastMs, tookMs, notes };
}
