/** What stands in plan files. */
import { suggest } from "../../core/suggest.ts";
import type { Profile } from "../../normalize/profile.ts";
import type { Plan } from "../../plans/plan.ts";
import { parsePlans } from "../../plans/plan-schema.ts";
import { valueAt } from "../../schema/schema-issue.ts";
import { knownCommands } from "./known-commands.ts";
import type { Load } from "./load.ts";
import { type NamedFile, readNamedFiles } from "./read-named-files.ts";
import type { SiteFile } from "./site-reading.ts";

/** The plans of files, by name; what is wrong in them is reported. `profiles` is asked only where there is a plan. */
export async function readPlans(
  load: Load,
  named: readonly NamedFile[],
  profiles: () => readonly Profile[],
): Promise<ReadonlyMap<string, Plan>> {
  const devices = load.sections.devices.map(({ value }) => value);
  let commandsOf: ReturnType<typeof knownCommands> | undefined;
  const plans = new Map<string, Plan>();
  const files = new Map<string, string>();
  for await (const file of readNamedFiles(load, named, parsePlans)) {
    commandsOf ??= knownCommands(devices, profiles());
    for (const [at, plan] of (file.value ?? []).entries()) {
      plans.set(plan.name, plan);
      warnOfCommands(file, at, plan, commandsOf);
    }
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

/** A command that no profile has is a warning: the device may get another profile at its gateway. */
function warnOfCommands(
  file: SiteFile<readonly Plan[]>,
  planAt: number,
  { steps }: Plan,
  commandsOf: ReturnType<typeof knownCommands>,
): void {
  for (const [at, step] of steps.entries()) {
    if (step.kind !== "command") continue;
    const path = ["plans", planAt, "steps", at];
    for (const [order, where] of [
      [step.order, path],
      [step.compensate, [...path, "compensate"]],
    ] as const) {
      const names = order && commandsOf(order.device)?.map(({ name }) => name);
      if (!order || !names || names.includes(order.command)) continue;
      const meant = suggest(order.command, names);
      file.report({
        code: "plan.unknown-command",
        path: [...where, "command"],
        message: `the profile of ${order.device} has no command "${order.command}"`,
        hint: meant ? `did you mean ${meant}?` : `it has ${names.join(", ") || "none"}`,
        severity: "warning",
      });
    }
  }
}
