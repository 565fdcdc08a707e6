/** How tests of rules ended, for people and for programs. */
import type { LocatedFault } from "../config/located-fault.ts";
import { counted } from "../core/counted.ts";
import { printable } from "../core/printable.ts";
import { answerText } from "./print-answer.ts";

export type TestFormat = "text" | "json" | "junit";

/** One test; it holds where it has no faults. */
export interface Outcome {
  readonly file: string;
  readonly name: string;
  readonly faults: readonly LocatedFault[];
}

export function resultText(outcomes: readonly Outcome[], format: TestFormat): string {
  const failed = outcomes.filter(({ faults }) => faults.length > 0).length;
  switch (format) {
    case "text":
      return `${outcomes.map(line).join("")}${sayCount(outcomes.length, failed)}\n`;
    case "json": {
      const tests = outcomes.map(({ faults, file, name }) => ({
        ...{ file, name, holds: faults.length === 0 },
        differences: faults.map(({ message, place }) => ({
          ...(place && { line: place.line, column: place.column }),
          message,
        })),
      }));
      const report = { tests: outcomes.length, failed, results: tests };
      return `${answerText("rules-test/1", report)}\n`;
    }
    case "junit":
      return junitText(outcomes, failed);
  }
}

function sayCount(tests: number, failed: number): string {
  if (tests === 0) return "no test was run";
  return `${counted(tests, "test")}: ${failed === 0 ? "all hold" : `${failed} failed`}`;
}

function line({ faults, name }: Outcome): string {
  return `${faults.length === 0 ? "ok    " : "FAILED"}  ${printable(name)}\n`;
}

/** The form that build servers read. */
function junitText(outcomes: readonly Outcome[], failed: number): string {
  const cases = outcomes.map(({ faults, file, name }) => {
    const head = `  <testcase classname="${xmlText(file)}" name="${xmlText(name)}"`;
    if (faults.length === 0) return `${head}/>\n`;
    const texts = faults.map(({ message, place }) => `${file}:${place?.line ?? 1}: ${message}`);
    const [first = ""] = faults.map(({ message }) => message);
    return `${head}>\n    <failure message="${xmlText(first)}">${xmlText(texts.join("\n"))}</failure>\n  </testcase>\n`;
  });
  const counts = `tests="${outcomes.length}" failures="${failed}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="sluicegate rules" ${counts}>\n${cases.join("")}</testsuite>\n`;
}

function xmlText(text: string): string {
  return printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
