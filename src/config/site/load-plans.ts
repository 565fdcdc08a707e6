/** The plan files of a site. */
import type { Plan } from "../../plans/plan.ts";
import { parsePlans } from "../../plans/plan-schema.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import type { Load } from "./load.ts";
import { readNamedFiles } from "./read-named-files.ts";

/** The plans of all plan files, by name; what is wrong in them is reported. */
export async function loadPlans(load: Load): Promise<ReadonlyMap<string, Plan>> {
  const { planFiles: patterns, namesPlanFiles: isNamed } = load.sections;
  const plans = new Map<string, Plan>();
  const files = new Map<string, string>();
  const named = { section: "plans", patterns, isNamed, parse: parsePlans } as const;
  for await (const file of readNamedFiles(load, named)) {
    for (const plan of file.value ?? []) plans.set(plan.name, plan);
    const written = valueAt(file.written, ["plans"]);
    for (const [at, one] of (Array.isArray(written) ? written : []).entries()) {
      const name = valueAt(one, ["name"]);
      if (typeof name !== "string") continue;
      const twin = files.get(name);
      files.set(name, file.file);
      if (twin === undefined) continue;
      file.report({
        code: "plan.repeated",
        path: ["plans", at, "name"],
        message: `plan "${name}" is also in ${twin}`,
        hint: "give every plan a name of its own",
      });
    }
  }
  return plans;
}
