/** The plans of a site. */
import type { Profile } from "../../normalize/profile.ts";
import type { Plan } from "../../plans/plan.ts";
import type { Load } from "./load.ts";
import { findNamedFiles } from "./read-named-files.ts";

/**
 * The plans of all plan files, by name; what is wrong in them is reported. Where there is none, `profiles` is
 * not asked, and what reads them is not loaded.
 */
export async function loadPlans(
  load: Load,
  profiles: () => readonly Profile[],
): Promise<ReadonlyMap<string, Plan>> {
  const { planFiles: patterns, namesPlanFiles: isNamed } = load.sections;
  const named = await findNamedFiles(load, { section: "plans", patterns, isNamed });
  if (named.length === 0) return new Map();
  return (await import("./read-plans.ts")).readPlans(load, named, profiles);
}
