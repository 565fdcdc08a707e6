/** The role `processor`, joined by hand: streams → rules → alert transitions; and plans. */
import { hostname } from "node:os";
import { bug, GatewayError } from "../core/errors.ts";
import { inSlices } from "../core/in-slices.ts";
import { leasesBucket } from "../core/subject.ts";
import { createProcessor } from "../processor/processor.ts";
import { Roll } from "../processor/roll.ts";
import { openRuleEngine } from "../rules/engine.ts";
import { joinMemory } from "../rules/engine-snapshot.ts";
import { reservedRulesOf } from "../rules/options.ts";
import { ownGroups } from "../rules/reserved/own-group.ts";
import { buildRuleSet, ofHub } from "../rules/rule-set.ts";
import { cacheBucket } from "../stream/kv.ts";
import { openPlans } from "./open-plans.ts";
import { isProcessGone, markOfProcess } from "./process-mark.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { ruleQuestions } from "./rule-questions.ts";
import { openSiteBackbone, siteBackboneOptions } from "./site-backbone.ts";

/** Starts the role; the backbone may be down for as long as it likes. */
export async function openProcessor(surroundings: RoleSurroundings): Promise<Role> {
  const { clock, logger, metrics, random, site } = surroundings;
  const { config, ruleGroups } = site;
  const reserved = reservedRulesOf(config.rules);
  const checked = buildRuleSet([{ groups: [...ruleGroups, ...ownGroups(reserved)] }]);
  const rules = checked.ok
    ? ofHub(checked.value)
    : bug("rules that were checked do not fit together");
  const backbone = openSiteBackbone(surroundings, "sluicegate-processor");
  const backboneOptions = siteBackboneOptions(surroundings);
  const processor = createProcessor({
    backbone,
    backboneOptions,
    colleagues: new Roll({
      bucket: cacheBucket(backbone, leasesBucket, backboneOptions),
      clock,
      logger: logger("processor"),
      name: hostname(),
      mark: await markOfProcess(),
      isGone: isProcessGone,
    }),
    createEngine: (memory) => {
      const snapshot = memory && joinMemory(memory.head, memory.parts);
      if (!memory || snapshot) return inSlices(openRuleEngine(rules, snapshot, reserved), clock);
      throw new GatewayError("event.malformed", "the checkpoint was written by another version");
    },
    options: config.processor,
    clock,
    random,
    logger: logger("processor"),
    metrics,
  });
  const plans = openPlans(surroundings, backbone);
  processor.start();
  plans.start();
  return {
    status: () => ({ ...processor.state(), plans: plans.state() }),
    questions: ruleQuestions(processor),
    stop: async () => {
      await Promise.all([plans.stop(), processor.stop()]);
      await backbone.close();
    },
  };
}
