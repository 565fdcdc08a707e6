/** What checks found, for programs. */
import type { CheckResult } from "../app/doctor/run-checks.ts";
import { counted } from "../core/counted.ts";
import { type DoctorSum, sumOf } from "./doctor-sum.ts";
import { answerText } from "./print-answer.ts";

export function doctorJson(results: readonly CheckResult[], tookMs: number): string {
  const findings = results.flatMap(({ check: { group, id }, findings, tookMs }) =>
    findings.map((finding) => ({ check: id, group, ...finding, tookMs: Math.round(tookMs) })),
  );
  const sum = sumOf(results);
  return answerText("doctor/1", { ...sum, tookMs: Math.round(tookMs), findings });
}

/** The states of a plugin of Nagios, by their exit status. */
const states = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;

export function nagiosStatus({ errors, ok, warnings }: DoctorSum): 0 | 1 | 2 | 3 {
  if (errors > 0) return 2;
  if (warnings > 0) return 1;
  return ok > 0 ? 0 : 3;
}

/** One line: the state, the worst findings, and figures behind the bar. */
export function nagiosLine(results: readonly CheckResult[]): string {
  const sum = sumOf(results);
  const state = states[nagiosStatus(sum)];
  const bad = (["error", "warning"] as const).flatMap((verdict) =>
    results.flatMap(({ check, findings }) =>
      findings
        .filter((finding) => finding.verdict === verdict)
        .map(({ about, what }) => `${check.id}${about === undefined ? "" : ` ${about}`}: ${what}`),
    ),
  );
  const text = bad.length === 0 ? `${counted(sum.ok, "check")} well` : bad.join("; ");
  const figures = `ok=${sum.ok} warnings=${sum.warnings} errors=${sum.errors} skipped=${sum.skipped}`;
  return `SLUICEGATE ${state} - ${text.replaceAll("|", "/")} | ${figures}`;
}

const values = { ok: 0, warning: 1, error: 2 } as const;

/**
 * For the textfile collector of the node exporter: findings, and when they were made. Of several about
 * one thing the worst counts: a sample that is there twice makes the collector refuse the whole file.
 */
export function doctorMetrics(results: readonly CheckResult[], nowMs: number): string {
  const worst = new Map<string, number>();
  for (const { check, findings } of results)
    for (const { about = "", verdict } of findings) {
      if (verdict === "skipped") continue;
      const labels = `check="${check.id}",group="${check.group}",about="${label(about)}"`;
      worst.set(labels, Math.max(worst.get(labels) ?? 0, values[verdict]));
    }
  return [
    "# HELP sluicegate_doctor_finding What a check found: 0 OK, 1 a warning, 2 an error.",
    "# TYPE sluicegate_doctor_finding gauge",
    ...Array.from(worst, ([labels, value]) => `sluicegate_doctor_finding{${labels}} ${value}`),
    "# HELP sluicegate_doctor_last_run_timestamp_seconds When the checks were made last.",
    "# TYPE sluicegate_doctor_last_run_timestamp_seconds gauge",
    `sluicegate_doctor_last_run_timestamp_seconds ${Math.round(nowMs / 1_000)}`,
    "",
  ].join("\n");
}

function label(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
