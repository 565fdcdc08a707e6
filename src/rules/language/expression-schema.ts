/** Expressions as a rule writes them. */
import * as z from "zod";
import type { ExpressionProblem } from "../../cel/failure.ts";
import { compileWhere } from "../rule-expression.ts";

/** A text that `compile` takes; what it makes of that once parsed. */
export function expressionText<T extends object>(compile: (text: string) => T | ExpressionProblem) {
  return z.string().transform((text, context): T => {
    const found = compile(text);
    if (!("problem" in found)) return found;
    context.addIssue(expressionIssue(found));
    return z.NEVER;
  });
}

/** Where in the text something is wrong is told beside what: the file knows only where it begins. */
export function expressionIssue({ problem, column }: ExpressionProblem) {
  const [what = problem, hint = hintFor(problem)] = problem.split("; ");
  return {
    code: "custom" as const,
    message: `${what}, at character ${column}`,
    params: { code: "bad-expression", hint },
  };
}

export const whereField = expressionText(compileWhere);

function hintFor(problem: string): string {
  if (/Unexpected character: =$/.test(problem)) return "equality is written ==";
  if (/^Unexpected character: '?[a-z]/.test(problem)) return "and, or, not are written &&, ||, !";
  if (problem.startsWith("Unknown variable"))
    return "write m.door for a metric, value for that of select.metric, device.attrs.floor";
  if (problem.startsWith("there is no"))
    return "known: has size double int string bool, and methods of texts such as startsWith";
  if (problem.includes("bool < int") || problem.includes("bool > int"))
    return "write 1 < m.x && m.x < 3";
  return "expressions are in CEL, as m.door == true && m.temperature > 8";
}
