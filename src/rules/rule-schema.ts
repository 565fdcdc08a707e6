/**
 * The door of rule files: what people wrote becomes rules, or a list of everything wrong in it.
 * Defaults are filled here; nobody checks again behind this door.
 */
import * as z from "zod";
import type { Checked } from "../core/fault.ts";
import { maxGlobLength } from "../core/glob.ts";
import { checkSchema } from "../schema/schema-faults.ts";
import { valueAt } from "../schema/schema-issue.ts";
import { durationText } from "./duration-text.ts";
import { refuseLaterWord } from "./later-words.ts";
import { levelOf, severities, thresholdSchema } from "./limit-schema.ts";
import { reservedGroup } from "./reserved-rules.ts";
import type { Condition, Rule, RuleFile, Select } from "./rule.ts";
import { annotationsSchema, labelsSchema } from "./text-schema.ts";

const pattern = z.string().min(1).max(maxGlobLength);
const patterns = z.union([pattern, z.array(pattern).min(1)]);

const selectSchema = z.strictObject({
  profile: patterns.optional(),
  site: patterns.optional(),
  gateway: patterns.optional(),
  device: patterns.optional(),
  metric: z
    .string()
    .min(1)
    .refine((metric) => !metric.includes("*"), {
      message: "a rule is about one metric; name it, and write one rule for each metric",
    })
    .optional(),
  tags: z.record(z.string(), patterns).optional(),
});

const absentSchema = z.strictObject({
  longer_than: durationText,
  of: z.string().min(1).optional(),
});

const conditionSchema = z
  .strictObject({ threshold: thresholdSchema.optional(), absent: absentSchema.optional() })
  .superRefine((condition, context) => {
    const count = Object.values(condition).filter((kind) => kind !== undefined).length;
    if (count !== 1)
      context.addIssue({
        code: "custom",
        message: "a rule has exactly one condition; write threshold or absent",
      });
  });

const ruleText = z.strictObject({
  alert: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is not a name of an alert; use letters, digits and _"),
  description: z.string().optional(),
  enabled: z.boolean().default(true),
  select: selectSchema,
  per: z
    .string()
    .refine((per) => per === "device", {
      message: "only per: device is supported yet; leave it out",
      params: { code: "not-supported" },
    })
    .optional(),
  condition: conditionSchema,
  for: durationText.optional(),
  keep_firing_for: durationText.optional(),
  hold: durationText.optional(),
  on_missing: z.enum(["keep", "resolve", "fire"]).optional(),
  quality: z
    .array(z.enum(["good", "uncertain", "bad"]))
    .min(1)
    .optional(),
  severity: z.enum(severities).optional(),
  labels: labelsSchema.optional(),
  annotations: annotationsSchema.optional(),
});
type RuleText = z.output<typeof ruleText>;

/** Faults in other fields do not keep select and condition from being judged. */
const ruleSchema = ruleText
  .superRefine(checkRule, {
    when: ({ issues }) =>
      issues.every(
        ({ code, path = [] }) =>
          code === "unrecognized_keys" ||
          !["undefined", "select", "condition"].includes(String(path[0])),
      ),
  })
  .transform(toRule);

/** The form of a rule file. */
export const ruleFileSchema = z.strictObject({
  version: z.literal(1),
  groups: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[a-z][a-z0-9_]*$/, "is not a name of a group; use a-z, 0-9 and _")
          .refine((name) => name !== reservedGroup, {
            message: "is the group of the rules that come with the program; take another name",
          }),
        labels: labelsSchema.default({}),
        rules: z
          .array(ruleSchema)
          .min(1)
          .superRefine((rules, context) => refuseTwins("alert", rules, context), {
            when: ({ value }) => Array.isArray(value),
          }),
      }),
    )
    .superRefine((groups, context) => refuseTwins("name", groups, context), {
      when: ({ value }) => Array.isArray(value),
    }),
});

/** Checks the value of one rule file (YAML already read) as a whole. Never throws. */
export function parseRules(value: unknown): Checked<RuleFile> {
  const checked = checkSchema(ruleFileSchema, "rule", value);
  return checked.ok ? checked : { ok: false, faults: checked.faults.map(refuseLaterWord) };
}

/** What a rule selects, read for itself; undefined when it is wrong or missing. */
export function selectOf(written: unknown): Select | undefined {
  const select = selectSchema.safeParse(written).data;
  return select && toSelect(select);
}

/** The condition of a rule, read for itself, without what the rule says beside it. */
export function conditionOf(written: unknown, select: Select): Condition | undefined {
  const condition = conditionSchema.safeParse(written).data;
  return condition && toCondition({ condition, select });
}

/** The list may hold anything: it is looked at also where something in it is wrong. */
function refuseTwins(field: string, list: readonly unknown[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, one] of list.entries()) {
    const name = valueAt(one, [field]);
    if (typeof name !== "string") continue;
    if (seen.has(name))
      refuse(context, [index, field], `"${name}" is there twice; names are unique`);
    seen.add(name);
  }
}

/** What must hold between the fields of one rule. */
function checkRule(rule: RuleText, context: z.RefinementCtx): void {
  const { threshold, absent } = rule.condition;
  if (threshold?.levels && rule.severity !== undefined)
    refuse(context, ["severity"], "the levels say how severe it is; leave it out");
  if (!threshold?.levels && rule.severity === undefined)
    refuse(context, ["severity"], `missing field "severity"; one of ${severities.join(", ")}`);
  if (threshold && rule.select.metric === undefined)
    refuse(context, ["select", "metric"], "a threshold is about one metric; name it");
  if (threshold?.levels?.every((level) => level.for !== undefined) && rule.for !== undefined)
    refuse(context, ["for"], "every level has a for of its own; leave this one out");
  if (!absent) return;
  for (const field of ["hold", "on_missing", "quality"] as const)
    if (rule[field] !== undefined)
      refuse(context, [field], `absent looks at no values, so it has no ${field}; leave it out`);
}

function refuse(context: z.RefinementCtx, path: (string | number)[], message: string): void {
  context.addIssue({ code: "custom", path, message });
}

function toRule(text: RuleText): Rule {
  return {
    alert: text.alert,
    ...(text.description !== undefined && { description: text.description }),
    enabled: text.enabled,
    select: toSelect(text.select),
    condition: toCondition(text),
    keepFiringForMs: text.keep_firing_for ?? 0,
    holdMs: text.hold,
    onMissing: text.on_missing ?? "keep",
    quality: text.quality ?? ["good"],
    labels: text.labels ?? {},
    annotations: text.annotations ?? {},
  };
}

function toSelect(text: RuleText["select"]): Select {
  const { profile, site, gateway, device, metric, tags } = text;
  return {
    ...(profile !== undefined && { profile: listOf(profile) }),
    ...(site !== undefined && { site: listOf(site) }),
    ...(gateway !== undefined && { gateway: listOf(gateway) }),
    ...(device !== undefined && { device: listOf(device) }),
    ...(metric !== undefined && { metric }),
    tags: Object.fromEntries(
      Object.entries(tags ?? {}).map(([name, value]) => [name, listOf(value)]),
    ),
  };
}

function listOf(text: string | readonly string[]): readonly string[] {
  return typeof text === "string" ? [text] : text;
}

function toCondition(
  rule: Pick<RuleText, "condition" | "severity" | "for"> & {
    readonly select: { readonly metric?: string | undefined };
  },
): Condition {
  const { condition, severity = "warning", for: forMs = 0, select } = rule;
  if (condition.absent) {
    const { longer_than, of = select.metric ?? "any" } = condition.absent;
    return {
      kind: "absent",
      longerThanMs: longer_than,
      of: of === "any" ? undefined : of,
      severity,
      forMs,
    };
  }
  const { threshold = {} } = condition;
  const levels = threshold.levels ?? [{ ...threshold, severity }];
  return {
    kind: "threshold",
    metric: select.metric ?? "",
    levels: levels.map((level) => levelOf(level, forMs)),
  };
}
