/** Makes and starts the rules that a gateway evaluates itself; loaded where there are any. */
import { machineFiles } from "../config/site/site-files.ts";
import type { Clock } from "../core/clock.ts";
import { bug, GatewayError } from "../core/errors.ts";
import { inSlices } from "../core/in-slices.ts";
import {
  type EdgeRuleSet,
  EdgeRules,
  type EdgeRulesDependencies,
} from "../processor/edge/edge-rules.ts";
import { openRuleEngine } from "../rules/engine.ts";
import { joinMemory } from "../rules/engine-snapshot.ts";
import { noReservedRules } from "../rules/reserved/reserved-rules.ts";
import type { RuleGroup } from "../rules/rule.ts";
import { buildRuleSet, ofEdge } from "../rules/rule-set.ts";
import { openEdgeReceivers } from "./edge-receivers.ts";
import type { RoleSurroundings } from "./role.ts";

/** Goes on from what an earlier process wrote of them, if it did. */
export async function startEdgeRules(
  rules: EdgeRuleSet,
  memory: string | undefined,
  surroundings: RoleSurroundings,
  parts: Omit<EdgeRulesDependencies, "receivers">,
): Promise<EdgeRules> {
  const receivers = await openEdgeReceivers(surroundings, machineFiles(surroundings.env));
  const edge = new EdgeRules(rules, { ...parts, receivers });
  edge.start(memory);
  return edge;
}

/** Those of these groups that are for the gateway; the groups were checked together. */
export function edgeRulesOf(clock: Clock, groups: readonly RuleGroup[]): EdgeRuleSet {
  const checked = buildRuleSet([{ groups }]);
  const rules = ofEdge(checked.ok ? checked.value : bug("rules that were checked do not fit"));
  return {
    count: rules.rules.length,
    createEngine: (memory) => {
      const snapshot = memory && joinMemory(memory.head, memory.parts);
      if (!memory || snapshot)
        return inSlices(openRuleEngine(rules, snapshot, noReservedRules), clock);
      throw new GatewayError("event.malformed", "it was written by another version");
    },
  };
}
