/** What checks found, in lines for people. */
import type { Check, CheckGroup } from "../app/doctor/check.ts";
import type { Finding, Verdict } from "../app/doctor/finding.ts";
import type { CheckResult } from "../app/doctor/run-checks.ts";
import { counted } from "../core/counted.ts";
import type { DoctorSum } from "./doctor-sum.ts";

const words: Readonly<Record<Verdict, string>> = {
  ok: "OK",
  warning: "Warning",
  error: "Error",
  skipped: "Skipped",
};
const wordWidth = 9;
const idWidth = 20;
const indent = " ".repeat(2 + wordWidth);

/** `before`: the group of the lines before these. */
export function resultLines(
  { check, findings }: CheckResult,
  before: CheckGroup | undefined,
): string[] {
  const lines = findings.flatMap((finding) => findingLines(check, finding));
  return check.group === before || lines.length === 0 ? lines : [titleOf(check.group), ...lines];
}

function titleOf(group: CheckGroup): string {
  return group.slice(0, 1).toUpperCase() + group.slice(1);
}

function findingLines({ id }: Check, { about, next, verdict, what, why }: Finding): string[] {
  const subject = about === undefined ? "" : `${about}: `;
  return [
    `  ${words[verdict].padEnd(wordWidth)}${id.padEnd(idWidth)} ${subject}${what}`,
    ...(why === undefined ? [] : [`${indent}${" ".repeat(idWidth)} ${why}`]),
    ...(next === undefined ? [] : [`${indent}${" ".repeat(idWidth)} → ${next}`]),
  ];
}

/** `18 OK, 1 warning, 2 errors (3.2 s)`. */
export function sumLine({ errors, ok, skipped, warnings }: DoctorSum, tookMs: number): string {
  const parts = [
    `${ok} OK`,
    counted(warnings, "warning"),
    counted(errors, "error"),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return `${parts.join(", ")} (${(tookMs / 1_000).toFixed(1)} s)`;
}
