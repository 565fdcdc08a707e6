/**
 * The kinds of conditions, one of which a rule has. To add one: a schema in a file of its own that
 * makes a `WrittenCondition`, a line here, its condition in `rule.ts`, and how it is watched in
 * `signal.ts` or `watch.ts`.
 */
import * as z from "zod";
import { absentSchema } from "./absent-schema.ts";
import { anomalySchema } from "./anomaly-schema.ts";
import type { WrittenCondition } from "./condition-kind.ts";
import { exprSchema } from "./expr-schema.ts";
import { rateSchema } from "./rate-schema.ts";
import { stuckSchema } from "./stuck-schema.ts";
import { thresholdSchema } from "./threshold-schema.ts";
import { windowSchema } from "./window-schema.ts";

const kinds = {
  threshold: thresholdSchema.optional(),
  expr: exprSchema.optional(),
  absent: absentSchema.optional(),
  rate: rateSchema.optional(),
  stuck: stuckSchema.optional(),
  anomaly: anomalySchema.optional(),
  window: windowSchema.optional(),
};

const names = Object.keys(kinds);

/** All kinds, for people: `threshold or absent`. */
export const kindsInWords = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;

/** Exactly one of the kinds. */
export const conditionSchema = z.strictObject(kinds).transform((written, context) => {
  const [condition, ...others] = Object.values<WrittenCondition | undefined>(written).filter(
    (kind) => kind !== undefined,
  );
  if (condition && others.length === 0) return condition;
  context.addIssue({
    code: "custom",
    message: `a rule has exactly one condition; write ${kindsInWords}`,
  });
  return z.NEVER;
});
