/**
 * Which rules a processor evaluates: those of the files, as long as these are right. Files with faults
 * leave in force what was: while it runs, and at a start by what the backbone has of the last good
 * ones. Where nobody ever had good ones, the files without faults count.
 */
import type { LoadedSite } from "../config/site/load-site.ts";
import { readWrittenRules } from "../config/site/written-rules.ts";
import { bug } from "../core/errors.ts";
import type { Logger } from "../core/logger.ts";
import { reservedRulesOf } from "../rules/options.ts";
import { ownGroups } from "../rules/reserved/own-group.ts";
import type { ReservedRules } from "../rules/reserved/reserved-rules.ts";
import type { RuleGroup } from "../rules/rule.ts";
import { buildRuleSet, ofHub, type RuleSet } from "../rules/rule-set.ts";

/** What an engine is opened with. */
export interface EngineRules {
  readonly rules: RuleSet;
  readonly reserved: ReservedRules;
}

export class RulesInForce {
  readonly #logger: Logger;
  readonly #lastGood: () => Promise<unknown>;
  #site: LoadedSite;
  #rules: EngineRules | undefined;

  /** `lastGood` waits for the backbone as long as it takes. */
  constructor(site: LoadedSite, lastGood: () => Promise<unknown>, logger: Logger) {
    this.#site = site;
    this.#lastGood = lastGood;
    this.#logger = logger;
    if (site.rules.faults.length === 0) this.#rules = engineRules(site, site.rules.groups);
  }

  /** How many there are; undefined until that is known. */
  get count(): number | undefined {
    return this.#rules?.rules.rules.length;
  }

  async current(): Promise<EngineRules> {
    if (this.#rules) return this.#rules;
    const site = this.#site;
    const groups = readWrittenRules(await this.#lastGood());
    // Others that asked meanwhile get the same; files that were read meanwhile win.
    if (this.#rules) return this.#rules;
    if (groups) this.#logger.error("rule files have faults; the last good ones stay in force");
    else
      this.#logger.error("rule files have faults, and nobody had good ones; the others count", {
        files: [...new Set(site.rules.faults.map(({ file }) => file))],
      });
    this.#rules = engineRules(site, groups ?? site.rules.groups);
    return this.#rules;
  }

  /** Takes those of files that are right; false where they say what was in force already. */
  take(site: LoadedSite): boolean {
    const before = this.#site;
    this.#site = site;
    const isSame =
      before.rules.faults.length === 0 &&
      before.rules.text === site.rules.text &&
      JSON.stringify(before.config.rules) === JSON.stringify(site.config.rules);
    if (!isSame) this.#rules = engineRules(site, site.rules.groups);
    return !isSame;
  }
}

/** The rules of groups, with those that come with the program. */
export function engineRules({ config }: LoadedSite, groups: readonly RuleGroup[]): EngineRules {
  const reserved = reservedRulesOf(config.rules);
  const checked = buildRuleSet([{ groups: [...groups, ...ownGroups(reserved)] }]);
  const rules = checked.ok ? ofHub(checked.value) : bug("checked rules do not fit together");
  return { rules, reserved };
}
