/** Which checks are made, of those that a person names. */
import { GatewayError } from "../../core/errors.ts";
import { matchesGlob } from "../../core/glob.ts";
import { suggest } from "../../core/suggest.ts";
import type { Check } from "./check.ts";

export interface Choice {
  /** Ids, groups or patterns such as `nats.*`; empty for all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/** Throws `usage` for a name that fits no check. */
export function chooseChecks(checks: readonly Check[], { only, skip }: Choice): readonly Check[] {
  for (const name of [...only, ...skip]) requireKnown(checks, name);
  const isNamed = (names: readonly string[], check: Check): boolean =>
    names.some((name) => fits(name, check));
  return checks.filter(
    (check) => (only.length === 0 || isNamed(only, check)) && !isNamed(skip, check),
  );
}

function fits(name: string, { group, id }: Check): boolean {
  return name === group || matchesGlob(name, id);
}

function requireKnown(checks: readonly Check[], name: string): void {
  if (checks.some((check) => fits(name, check))) return;
  const meant = suggest(name, new Set(checks.flatMap(({ group, id }) => [id, group])));
  const advice =
    meant === undefined ? "sluicegate doctor --list shows all" : `did you mean ${meant}?`;
  throw new GatewayError("usage", `no check is named ${name}; ${advice}`);
}
