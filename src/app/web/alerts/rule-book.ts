/** The rules in force, as pages show them: what is written where, what they compare, and how. */
import type { AlertPage } from "../../../api/shapes/alert.ts";
import { writeYaml } from "../../../config/read-yaml.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import type { AlertTransition } from "../../../core/alert.ts";
import { reservedRulesOf } from "../../../rules/options.ts";
import { ownGroups } from "../../../rules/reserved/own-group.ts";
import { reservedGroup } from "../../../rules/reserved/reserved-rules.ts";
import type { Condition, Level, Rule } from "../../../rules/rule.ts";

export class RuleBook {
  #site: LoadedSite;
  #rules = new Map<string, Rule>();

  constructor(site: LoadedSite) {
    this.#site = site;
    this.take(site);
  }

  /** Goes on with files that were read again. */
  take(site: LoadedSite): void {
    this.#site = site;
    const groups = [...site.rules.groups, ...ownGroups(reservedRulesOf(site.config.rules))];
    this.#rules = new Map(
      groups.flatMap(({ name, rules }) =>
        rules.map((rule): [string, Rule] => [`${name}/${rule.alert}`, rule]),
      ),
    );
  }

  /** By `group/alert`. */
  all(): Iterable<readonly [string, Rule]> {
    return this.#rules;
  }

  /** Null for one that the files here do not have. */
  find(rule: string): AlertPage["rule"] {
    const { folder, rules } = this.#site;
    const place = rules.places.get(rule);
    if (place) {
      const { file, line, written } = place;
      return {
        file: file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file,
        line,
        text: writeYaml(written),
      };
    }
    if (!rule.startsWith(`${reservedGroup}/`)) return null;
    return { file: null, line: null, text: "it comes with the program; `rules:` changes it" };
  }

  /** The metric that an alert is about; undefined where it is of none, or of several. */
  metricOf({ labels, rule }: AlertTransition): string | undefined {
    const condition = this.#rules.get(rule)?.condition;
    const written = condition && "metric" in condition ? condition.metric : undefined;
    return labels["metric"] ?? (written === "" ? undefined : written);
  }

  /** `> ` where the rule of an alert asks for more than its limit. */
  readonly signOf = ({ limit, rule, severity }: AlertTransition): string => {
    const levels = levelsOf(this.#rules.get(rule)?.condition);
    const level = levels.find((one) => one.severity === severity) ?? levels.at(-1);
    return limit === undefined || !level ? "" : `${signs[level.limit.kind]} `;
  };
}

export const signs = {
  above: ">",
  below: "<",
  outside: "outside",
  inside: "inside",
  equals: "=",
  not_equals: "≠",
} as const satisfies Record<Level["limit"]["kind"], string>;

/** From mild to severe; none where the condition compares with no limit. */
export function levelsOf(condition: Condition | undefined): readonly Level[] {
  return condition && "levels" in condition ? condition.levels : [];
}
