/**
 * The door of rule files: what people wrote becomes rules, or a list of everything wrong in it.
 * Defaults are filled here; nobody checks again behind this door.
 */
import * as z from "zod";
import type { Checked } from "../../core/fault.ts";
import { NamedZone } from "../../core/named-zone.ts";
import { checkSchema } from "../../schema/schema-faults.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import { reservedGroup } from "../reserved/reserved-rules.ts";
import type { Rule, RuleFile } from "../rule.ts";
import type { RecordRule } from "../series/record-rule.ts";
import { recordSchema } from "./record-schema.ts";
import { ruleSchema } from "./rule-schema.ts";
import { labelsSchema } from "./text-schema.ts";

/** The form of a rule file. */
export const ruleFileSchema = z.strictObject({
  version: z.literal(1),
  groups: z
    .array(
      z.strictObject({
        name: z
          .string()
          .max(128)
          .regex(/^[a-z][a-z0-9_]*$/, "is not a name of a group; use a-z, 0-9 and _")
          .refine((name) => name !== reservedGroup, {
            message: "is the group of the rules that come with the program; take another name",
          }),
        labels: labelsSchema.default({}),
        zone: z
          .string()
          .refine((zone) => NamedZone.of(zone) !== undefined, {
            message: "is not a zone; write a name as Europe/Berlin",
          })
          .default("UTC"),
        rules: z
          .array(z.union([ruleSchema, recordSchema]))
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
  if (!checked.ok) return checked;
  const groups = checked.value.groups.map((group) => ({
    ...group,
    rules: group.rules.filter((rule): rule is Rule => "alert" in rule),
    records: group.rules.filter((rule): rule is RecordRule => "record" in rule),
  }));
  return { ...checked, value: { groups } };
}

/** The list may hold anything: it is looked at also where something in it is wrong. */
function refuseTwins(field: string, list: readonly unknown[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, one] of list.entries()) {
    const name = valueAt(one, [field]);
    if (typeof name !== "string") continue;
    if (seen.has(name))
      context.addIssue({
        code: "custom",
        path: [index, field],
        message: `"${name}" is there twice; names are unique`,
      });
    seen.add(name);
  }
}
