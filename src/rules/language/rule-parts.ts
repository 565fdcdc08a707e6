/**
 * What can be understood of a rule file, whatever else is wrong in it: a fault in one field hides no
 * fault of another.
 */
import { valueAt } from "../../schema/schema-issue.ts";
import type { Condition, Select } from "../rule.ts";
import { conditionOf, selectOf } from "./rule-schema.ts";

/** One rule of a file, as far as it is right. */
export interface RuleParts {
  /** Where it stands in the file. */
  readonly path: readonly (string | number)[];
  /** Its `alert`, or where it stands. */
  readonly name: string;
  readonly select: Select;
  readonly condition: Condition | undefined;
}

/** The rules in the value of a file; those whose `select` cannot be understood are left out. */
export function rulePartsOf(written: unknown): RuleParts[] {
  return listAt(written, ["groups"]).flatMap((group, groupAt) =>
    listAt(group, ["rules"]).flatMap((rule, ruleAt) => {
      const select = selectOf(valueAt(rule, ["select"]));
      if (select === undefined) return [];
      const alert = valueAt(rule, ["alert"]);
      const path = ["groups", groupAt, "rules", ruleAt];
      return [
        {
          path,
          name: typeof alert === "string" ? alert : path.join("."),
          select,
          condition: conditionOf(valueAt(rule, ["condition"]), select),
        },
      ];
    }),
  );
}

function listAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
}
