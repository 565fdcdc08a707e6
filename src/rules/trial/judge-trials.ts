/** The tests of one file, run one after the other. */
import type { Fault } from "../../core/fault.ts";
import { suggest } from "../../core/suggest.ts";
import { reservedGroup } from "../reserved/reserved-rules.ts";
import { metricsOf } from "../rule-set.ts";
import { compareExpected, compareRuns, type Difference, sayAt } from "./compare-expected.ts";
import { runTrial, type TrialRules, type TrialRun } from "./run-trial.ts";
import type { Trial, TrialFile } from "./trial.ts";
import { endOf } from "./trial-arrivals.ts";

/** How one test ended: it holds where nothing differs. */
export interface TrialResult {
  readonly trial: Trial;
  readonly differences: readonly Difference[];
}

/** Runs each test of a file. */
export function* judgeTrials(file: TrialFile, rules: TrialRules): Generator<TrialResult, void> {
  const runs = new Map<string, TrialRun>();
  const runOf = (trial: Trial): TrialRun => {
    const run = runs.get(trial.name) ?? runTrial(trial, file.devices.values(), rules);
    runs.set(trial.name, run);
    return run;
  };
  for (const trial of file.trials) {
    const { expected = [], sameAs, startMs } = trial;
    const { found } = runOf(trial);
    const base = file.trials.find(({ name }) => name === sameAs);
    const differences = base
      ? compareRuns(runOf(base).found, found, startMs)
      : compareExpected(expected, found, startMs);
    yield { trial, differences };
  }
}

/**
 * What a test names that none of its rules knows. Such a test would hold whatever the rules say, and
 * nobody would notice.
 */
export function checkAgainstRules(file: TrialFile, { rules }: TrialRules): Fault[] {
  const alerts = new Set([
    ...rules.rules.flatMap(({ alert, id }) => [alert, id]),
    ...file.reserved.flatMap((name) => [name, `${reservedGroup}/${name}`]),
  ]);
  const metrics = metricsOf(rules);
  const watchesAll = rules.rules.some(({ condition }) => condition.kind === "absent");
  return file.trials.flatMap((trial) => [
    ...checkExpected(trial, alerts),
    ...trial.inputs.flatMap(({ metric }, at): Fault[] =>
      watchesAll || metrics.has(metric) || trial.sameAs !== undefined
        ? []
        : [
            {
              code: "rule-test.unknown-metric",
              path: ["tests", trial.at, "input", at, "metric"],
              message: `no rule of these files looks at "${metric}"`,
              hint: meantOf(metric, metrics),
              severity: "warning",
            },
          ],
    ),
  ]);
}

function checkExpected(trial: Trial, alerts: ReadonlySet<string>): Fault[] {
  const endMs = endOf(trial);
  return (trial.expected ?? []).flatMap(({ alert, atMs }, at): Fault[] => {
    const path = ["tests", trial.at, "expect", at];
    if (!alerts.has(alert))
      return [
        {
          code: "rule-test.unknown-alert",
          path: [...path, "alert"],
          message: `no rule of these files is "${alert}"`,
          hint: meantOf(alert, alerts),
        },
      ];
    if (atMs <= endMs) return [];
    return [
      {
        code: "rule-test.behind-the-end",
        path: [...path, "at"],
        message: `the test is over at ${sayAt(endMs)}`,
        hint: `write until: ${sayAt(atMs)}, or more samples`,
      },
    ];
  });
}

function meantOf(name: string, known: ReadonlySet<string>): string {
  const meant = suggest(name, known);
  return meant ? `did you mean ${meant}?` : `known: ${[...known].join(", ")}`;
}
