/** What all findings come to. */
import type { Finding } from "../app/doctor/finding.ts";
import type { CheckResult } from "../app/doctor/run-checks.ts";

export interface DoctorSum {
  readonly ok: number;
  readonly warnings: number;
  readonly errors: number;
  readonly skipped: number;
}

export function sumOf(results: readonly CheckResult[]): DoctorSum {
  const all = results.flatMap(({ findings }) => findings);
  const count = (verdict: Finding["verdict"]): number =>
    all.filter((finding) => finding.verdict === verdict).length;
  return {
    ok: count("ok"),
    warnings: count("warning"),
    errors: count("error"),
    skipped: count("skipped"),
  };
}
