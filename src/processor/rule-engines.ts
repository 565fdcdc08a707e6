import { GatewayError } from "../core/errors.ts";
import { createRuleEngine } from "../rules/engine.ts";
import { isEngineSnapshot } from "../rules/engine-snapshot.ts";
import type { RuleSet } from "../rules/rule-set.ts";
import type { CreateEngine } from "./engine.ts";

/** Engines that evaluate these rules. */
export function createRuleEngines(rules: RuleSet): CreateEngine {
  return (snapshot) => {
    if (snapshot === undefined) return createRuleEngine(rules);
    if (isEngineSnapshot(snapshot)) return createRuleEngine(rules, snapshot);
    throw new GatewayError("event.malformed", "the snapshot is of another version of the rules");
  };
}
