/** The role `processor`, joined by hand: streams → rules → alert transitions; and plans. */
import { hostname } from "node:os";
import { GatewayError } from "../core/errors.ts";
import { type SiteId, toSiteId } from "../core/ids.ts";
import { inSlices } from "../core/in-slices.ts";
import { leasesBucket } from "../core/subject.ts";
import { createProcessor } from "../processor/processor.ts";
import { processorGauges } from "../processor/processor-gauges.ts";
import { RuleFiles, type RuleFilesState } from "../processor/rule-files.ts";
import { openRuleEngine } from "../rules/engine.ts";
import { joinMemory } from "../rules/engine-snapshot.ts";
import {
  brokenRulesAlert,
  brokenRulesInstance,
  mendedRulesAlert,
} from "../rules/reserved/rules-broken.ts";
import { cacheBucket } from "../stream/kv.ts";
import { Roll } from "../stream/roll.ts";
import { openPlans } from "./open-plans.ts";
import { readProcessMark } from "./process-mark.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { ruleQuestions } from "./rule-questions.ts";
import { type RuleTrouble, ruleTroubleOf } from "./rule-trouble.ts";
import { RulesInForce } from "./rules-in-force.ts";
import { openSiteBackbone, siteBackboneOptions } from "./site-backbone.ts";

/** Starts the role; the backbone may be down for as long as it likes. */
export async function openProcessor(surroundings: RoleSurroundings): Promise<Role> {
  const { clock, logger, metrics, random, site, spans } = surroundings;
  const { config } = site;
  const mark = await readProcessMark();
  const backbone = openSiteBackbone(surroundings, "sluicegate-processor");
  const backboneOptions = siteBackboneOptions(surroundings);
  const here = toSiteId(config.site);
  let trouble = ruleTroubleOf(site.rules.faults);
  const files = new RuleFiles(stateOf(here, site.rules.text, trouble), {
    site: here,
    instance: brokenRulesInstance(here),
    end: mendedRulesAlert,
    lateAfterMs: config.processor.late_notify_after,
    backbone,
    backboneOptions,
    clock,
    random,
    logger: logger("processor"),
  });
  const inForce = new RulesInForce(site, () => files.lastGood(), logger("processor"));
  const processor = createProcessor({
    backbone,
    backboneOptions,
    colleagues: new Roll({
      role: "processor",
      bucket: cacheBucket(backbone, leasesBucket, backboneOptions),
      clock,
      logger: logger("processor"),
      name: hostname(),
      mark,
    }),
    createEngine: async (memory) => {
      const { reserved, rules } = await inForce.current();
      const snapshot = memory && joinMemory(memory.head, memory.parts);
      if (!memory || snapshot) return inSlices(openRuleEngine(rules, snapshot, reserved), clock);
      throw new GatewayError("event.malformed", "the checkpoint was written by another version");
    },
    options: config.processor,
    spans,
    clock,
    random,
    logger: logger("processor"),
    metrics,
  });
  const plans = openPlans(surroundings, backbone, mark);
  processor.start();
  files.start();
  plans.start();
  const readAgain = (text: string, found: RuleTrouble | undefined): void => {
    trouble = found;
    files.say(stateOf(here, text, found));
  };
  return {
    questions: ruleQuestions(processor),
    status: () => ({
      ...processor.state(),
      ruleFiles: { rules: inForce.count, trouble },
      plans: plans.state(),
    }),
    measure: processorGauges(processor, metrics),
    reload(fresh) {
      readAgain(fresh.rules.text, undefined);
      if (inForce.take(fresh)) processor.renew();
    },
    reloadRefused: (faults) => readAgain("", ruleTroubleOf(faults)),
    stop: async () => {
      await Promise.all([plans.stop(), processor.stop(), files.stop()]);
      await backbone.close();
    },
  };
}

function stateOf(site: SiteId, text: string, trouble: RuleTrouble | undefined): RuleFilesState {
  if (!trouble) return { kind: "good", text };
  return { kind: "broken", begin: (atMs) => brokenRulesAlert(site, trouble, atMs) };
}
