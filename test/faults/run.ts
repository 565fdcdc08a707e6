/**
 * The fault campaign: `npm run test:faults`, with `-- --nightly` for the large figures, `-- --small`
 * for the smallest, and `-- R1 R2` for some goals only. `FAULT_BUFFER=encrypted` encrypts every buffer of the
 * arms that can (R1, R2, R4), `plain` none. Exits 1 when a goal that ran is not met.
 */

import type { Arm, ArmResult } from "./arm.ts";
import { arms } from "./arms.ts";
import { askedArms } from "./asked-arms.ts";
import { runArm } from "./run-arm.ts";

interface Row {
  readonly arm: Arm;
  readonly seconds: number;
  readonly outcome: ArmResult | { readonly notRun: string } | { readonly failed: unknown };
}

const asked = askedArms(process.argv.slice(2), arms);
if (typeof asked === "string") {
  const goals = arms.map(({ goal }) => goal).join(" ");
  process.stderr.write(
    `nothing is called ${asked}; say --small or --nightly, and goals of ${goals}\n`,
  );
  process.exit(2);
}

const rows: Row[] = [];
for (const { arm, figure } of asked) {
  process.stderr.write(`== ${arm.goal} ${arm.title} (${figure})\n`);
  const started = performance.now();
  const outcome = await outcomeOf(arm, figure);
  const seconds = (performance.now() - started) / 1_000;
  rows.push({ arm, seconds, outcome });
  process.stderr.write(`== ${arm.goal} ${verdictOf(outcome)} after ${seconds.toFixed(0)} s\n`);
}
printReport(rows);
const met = rows.every(({ outcome }) => "notRun" in outcome || verdictOf(outcome) === "met");
// Not by itself: Node may hang in its own end on sockets that were reset while they closed.
process.stdout.write("", () => process.exit(met ? 0 : 1));

async function outcomeOf(arm: Arm, figure: number): Promise<Row["outcome"]> {
  try {
    const missing = await arm.missing();
    if (missing !== undefined) return { notRun: missing };
    return await runArm(arm, figure, (text) => process.stderr.write(`   ${arm.goal} ${text}\n`));
  } catch (failed) {
    process.stderr.write(`${failed instanceof Error ? failed.stack : String(failed)}\n`);
    return { failed };
  }
}

function verdictOf(outcome: Row["outcome"]): string {
  if ("notRun" in outcome) return "NOT RUN";
  if ("failed" in outcome) return "FAILED";
  if (outcome.control === "unharmed") return "VOID";
  return outcome.ok ? "met" : "NOT MET";
}

function printReport(report: readonly Row[]): void {
  const head = [
    "goal",
    "what",
    "runs",
    "acked",
    "lost",
    "doubled",
    "reordered",
    "declared",
    "control",
    "s",
    "verdict",
  ];
  const lines = report.map(({ arm, outcome, seconds }) => {
    const figures =
      "runs" in outcome
        ? [
            outcome.runs,
            outcome.acked,
            outcome.lost,
            outcome.duplicated,
            outcome.reordered,
            outcome.declaredLost,
            outcome.control,
          ]
        : ["-", "-", "-", "-", "-", "-", "-"];
    return [arm.goal, arm.title, ...figures, seconds.toFixed(0), verdictOf(outcome)].map(String);
  });
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  for (const line of [head, ...lines]) {
    process.stdout.write(
      `${line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}\n`,
    );
  }
  for (const { arm, outcome } of report) {
    const notes =
      "notRun" in outcome
        ? [outcome.notRun]
        : "failed" in outcome
          ? [String(outcome.failed)]
          : outcome.notes;
    for (const note of notes) process.stdout.write(`${arm.goal}  ${note}\n`);
  }
}
