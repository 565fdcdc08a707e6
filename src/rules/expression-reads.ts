/** What an expression of a rule looks at, and what it may not do with that. */
import { type CelNode, childrenOf } from "../cel/dialect.ts";
import type { ExpressionProblem } from "../cel/failure.ts";

/** What an expression looks at. */
export interface ExpressionReads {
  readonly metrics: ReadonlySet<string>;
  /** Metrics whose age it asks for, each with the seconds that it is compared with. */
  readonly ages: readonly { readonly metric: string; readonly seconds: number }[];
  readonly usesValue: boolean;
}

const deviceFields = ["attrs", "tags", "id", "name", "profile", "site", "gateway"];
const comparisons = ["<", "<=", ">", ">="];

/** Or what is wrong, at its column. */
export function readsOf(ast: CelNode): ExpressionReads | ExpressionProblem {
  const metrics = new Set<string>();
  const ages: { metric: string; seconds: number }[] = [];
  let usesValue = false;

  function visit(node: CelNode): ExpressionProblem | undefined {
    const metric = metricOf(node);
    if (metric !== undefined) {
      metrics.add(metric);
      return undefined;
    }
    const age = comparedAge(node);
    if (age) {
      ages.push(age);
      return undefined;
    }
    if (isName(node, "value")) usesValue = true;
    if (node.op === "." && isName(node.args[0], "device")) return wrongField(node, node.args[1]);
    const problem = wrongHere(node);
    if (problem !== undefined) return { problem, column: node.start + 1 };
    for (const child of childrenOf(node)) {
      const found = visit(child);
      if (found) return found;
    }
    return undefined;
  }

  return visit(ast) ?? { metrics, ages, usesValue };
}

/** The metric of `m.door`, `m["door"]` and `"door" in m`. */
function metricOf(node: CelNode): string | undefined {
  if (node.op === "." && isName(node.args[0], "m")) return node.args[1];
  if (node.op === "[]" && isName(node.args[0], "m")) return textOf(node.args[1]);
  if (node.op === "in" && isName(node.args[1], "m")) return textOf(node.args[0]);
  return undefined;
}

/** The age in `age("door") > 60`, from whichever side. */
function comparedAge(node: CelNode): { metric: string; seconds: number } | undefined {
  if (node.op !== "<" && node.op !== "<=" && node.op !== ">" && node.op !== ">=") return undefined;
  const [one, other] = node.args;
  const [asked, limit] = isAge(one) ? [one, other] : [other, one];
  if (!isAge(asked) || limit.op !== "value" || !isNumber(limit.args)) return undefined;
  const metric = childrenOf(asked).map(textOf)[0];
  return metric === undefined ? undefined : { metric, seconds: Number(limit.args) };
}

function wrongHere(node: CelNode): string | undefined {
  if (isAge(node))
    return `age() is compared with a number of seconds, as age("door") > 60 (${comparisons.join(" ")})`;
  if (isName(node, "m")) return `m has all metrics; name one, as m.door or m["door 1"]`;
  return isName(node, "device") ? `device has ${deviceFields.join(", ")}; name one` : undefined;
}

function wrongField(node: CelNode, field: string): ExpressionProblem | undefined {
  if (deviceFields.includes(field)) return undefined;
  const problem = `device has no ${field}; it has ${deviceFields.join(", ")}`;
  return { problem, column: node.end - field.length + 1 };
}

function isAge(node: CelNode): boolean {
  return node.op === "call" && node.args[0] === "age";
}

function isName(node: CelNode, name: string): boolean {
  return node.op === "id" && node.args === name;
}

function textOf(node: CelNode): string | undefined {
  return node.op === "value" && typeof node.args === "string" ? node.args : undefined;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}
