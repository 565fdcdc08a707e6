/** `window`: what the samples of a window of time make together. */
import * as z from "zod";
import { compileMatching, type Matching } from "../rule-expression.ts";
import { refuseNoMetric, refuseSeverity, type WrittenCondition } from "./condition-kind.ts";
import { durationText } from "./duration-text.ts";
import { checkLimits, levelsOf, limitFields, refuseFor } from "./limit-schema.ts";

const windowAggs = ["avg", "min", "max", "sum", "count", "stddev", "p95", "delta"] as const;
const limits = new Set(["above", "below", "outside", "inside"]);
const fewestMs = 10_000;
const shortestPaneMs = 1_000;
const mostPanes = 240;

export const windowSchema = z
  .strictObject({
    ...limitFields,
    agg: z.enum(windowAggs),
    over: durationText.describe("How long the window is; at least 10s."),
    every: durationText.optional().describe("How often it is looked at; over/10."),
    min_coverage: z.number().min(0).max(1).optional().describe("What share must be known; 0.5."),
    matching: z.string().optional().describe("Counts only values for which this holds."),
  })
  .superRefine(checkLimits)
  .superRefine(({ agg, every, matching, over }, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    if (over < fewestMs) refuse("over", "is too short; write 10s or more");
    if (every !== undefined && every < shortestPaneMs) refuse("every", "is too short; write 1s");
    else if (every !== undefined && (over % every !== 0 || over / every > mostPanes))
      refuse("every", `does not divide the window; over is 1 to ${mostPanes} times as long`);
    if (matching === undefined) return;
    if (agg !== "count") refuse("matching", "is for count; leave it out");
    const compiled = compileMatching(matching);
    if (typeof compiled !== "function")
      refuse("matching", `${compiled.problem} (column ${compiled.column})`);
  })
  .transform((text): WrittenCondition => {
    const { agg, matching, min_coverage: minCoverage = 0.5, over } = text;
    return {
      *refuse(rule) {
        yield* refuseSeverity(rule, text.levels !== undefined);
        yield* refuseNoMetric(rule, "a window");
        yield* refuseFor(text, rule);
        for (const { limit } of levelsOf(text, rule))
          if (!limits.has(limit.kind))
            yield {
              path: ["condition", "window"],
              message: "what a window makes is a number; write above or below",
            };
      },
      complete: (rule) => ({
        kind: "window",
        metric: rule.select.metric ?? "",
        levels: levelsOf(text, rule),
        ...{ agg, minCoverage, overMs: over, everyMs: text.every ?? over / 10 },
        ...(matching !== undefined && { matching, fits: matchingOf(matching) }),
      }),
    };
  });

function matchingOf(text: string): Matching {
  const compiled = compileMatching(text);
  return typeof compiled === "function" ? compiled : () => false;
}
