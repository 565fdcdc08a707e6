/** How one rule is written: what must hold between its fields, and the defaults of those left out. */
import * as z from "zod";
import type { Condition, Rule, Select } from "../rule.ts";
import { type Refusal, type RuleAround, severities } from "./condition-kind.ts";
import { conditionSchema } from "./condition-schema.ts";
import { durationText } from "./duration-text.ts";
import { evaluateField } from "./evaluate-schema.ts";
import { whereField } from "./expression-schema.ts";
import { handlingFields, handlingOf } from "./handling-schema.ts";
import { maxInstancesField, perField, refusePer } from "./per-schema.ts";
import { scheduleField } from "./schedule-schema.ts";
import { isOneMetric, selectSchema, toSelect } from "./select-schema.ts";
import { annotationsSchema, labelsSchema, refuseReadings } from "./text-schema.ts";

const ruleText = z.strictObject({
  alert: z
    .string()
    .max(128)
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a name of an alert; use letters, digits and _"),
  description: z.string().optional(),
  enabled: z.boolean().default(true),
  select: selectSchema,
  where: whereField.optional(),
  per: perField.optional(),
  max_instances: maxInstancesField.optional(),
  condition: conditionSchema,
  for: durationText.optional(),
  for_samples: z.int().min(1).max(10_000).optional(),
  keep_firing_for: durationText.optional(),
  hold: durationText.optional(),
  on_missing: z.enum(["keep", "resolve", "fire"]).optional(),
  quality: z
    .array(z.enum(["good", "uncertain", "bad"]))
    .min(1)
    .optional(),
  schedule: scheduleField.optional(),
  severity: z.enum(severities).optional(),
  labels: labelsSchema.optional(),
  annotations: annotationsSchema.optional(),
  evaluate: evaluateField.optional(),
  ...handlingFields,
});
type RuleText = z.output<typeof ruleText>;

/** Faults in other fields do not keep select and condition from being judged. */
export const ruleSchema = ruleText
  .superRefine(checkRule, {
    when: ({ issues }) =>
      issues.every(
        ({ code, path = [] }) =>
          code === "unrecognized_keys" ||
          !["undefined", "select", "condition"].includes(String(path[0])),
      ),
  })
  .superRefine(checkTexts, { when: ({ issues }) => issues.length === 0 })
  .transform(toRule);

/** What a rule selects, read for itself; undefined when it is wrong or missing. */
export function selectOf(written: unknown): Select | undefined {
  const select = selectSchema.safeParse(written).data;
  return select && toSelect(select);
}

/** The condition of a rule, read for itself, without what the rule says beside it. */
export function conditionOf(written: unknown, select: Select): Condition | undefined {
  return conditionSchema.safeParse(written).data?.complete({ select });
}

function checkRule(rule: RuleText, context: z.RefinementCtx): void {
  const around = aroundOf(rule);
  const refusals = [
    ...refuseBoth(rule),
    ...rule.condition.refuse(around),
    ...refusePer(rule, rule.condition.complete(around)),
  ];
  for (const { path, message } of refusals)
    context.addIssue({ code: "custom", path: [...path], message });
}

/** What its condition may look at. With an alert for each metric, the first stands for all. */
function aroundOf({ per, select, ...rule }: RuleText): RuleAround {
  const metric = isOneMetric(select.metric) ? select.metric : [select.metric].flat()[0];
  return { ...rule, select: { metric }, ...(per && per !== "device" && { per }) };
}

function checkTexts({ annotations = {}, ...rule }: RuleText, context: z.RefinementCtx): void {
  const condition = rule.condition.complete(aroundOf(rule));
  for (const { path, message } of refuseReadings(annotations, condition))
    context.addIssue({ code: "custom", path: [...path], message });
}

/** What excludes each other whatever the condition is. */
function* refuseBoth(rule: RuleText): Iterable<Refusal> {
  if (rule.evaluate === "edge" && rule.per === "site")
    yield {
      path: ["evaluate"],
      message:
        "a gateway knows nothing of the others at its site; write per: gateway, or leave it out",
    };
  if (rule.for_samples === undefined) return;
  const path = ["for_samples"];
  if (rule.for !== undefined)
    yield { path, message: "for and for_samples exclude each other; keep one" };
  if (rule.on_missing === "fire")
    yield {
      path,
      message: "no sample is counted where none comes; write for, or on_missing: keep",
    };
}

function toRule(text: RuleText): Rule {
  const handling = handlingOf(text, text.severity);
  return {
    alert: text.alert,
    ...(text.description !== undefined && { description: text.description }),
    enabled: text.enabled,
    select: toSelect(text.select),
    ...(text.where && { where: text.where }),
    ...(text.per && text.per !== "device" && { per: text.per }),
    ...(text.max_instances !== undefined && { maxInstances: text.max_instances }),
    condition: text.condition.complete(aroundOf(text)),
    forSamples: text.for_samples,
    keepFiringForMs: text.keep_firing_for ?? 0,
    holdMs: text.hold,
    onMissing: text.on_missing ?? "keep",
    quality: text.quality ?? ["good"],
    ...(text.schedule && { schedule: text.schedule }),
    labels: text.labels ?? {},
    annotations: text.annotations ?? {},
    ...(handling && { handling }),
    ...(text.evaluate === "edge" && { evaluate: text.evaluate }),
  };
}
