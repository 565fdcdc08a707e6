/** Which rules would hide each other in a circle, as far as their alerts have said what hides them. */

/** Rules beyond it are taken for those of a circle, where less is hidden. */
const mostRules = 10_000;
/** More than a rule can name; what comes beyond hides nothing less. */
const mostHiders = 64;

/** `group/alert` and `alert`: the names by which an alert can be meant. */
export function namesOfRule(rule: string): readonly string[] {
  const alert = rule.slice(rule.lastIndexOf("/") + 1);
  return alert === rule ? [rule] : [rule, alert];
}

export class RuleCircles {
  /** By the rule that is hidden: the names of those that hide it. */
  readonly #hiders = new Map<string, Set<string>>();
  /** The rules that a name means, of those above. */
  readonly #rules = new Map<string, Set<string>>();
  readonly #answers = new Map<string, boolean>();

  /** Alerts of `rule` are hidden by those that `alert` names. */
  note(rule: string, alert: string): void {
    const known = this.#hiders.get(rule);
    if (known?.has(alert) || (known && known.size >= mostHiders)) return;
    if (!known && this.#hiders.size >= mostRules) return;
    if (known) known.add(alert);
    else this.#hiders.set(rule, new Set([alert]));
    for (const name of namesOfRule(rule)) {
      const rules = this.#rules.get(name);
      if (rules) rules.add(rule);
      else this.#rules.set(name, new Set([rule]));
    }
    this.#answers.clear();
  }

  /** True where what `alert` names is hidden by alerts of `rule`, over however many others. */
  isIn(rule: string, alert: string): boolean {
    if (this.#hiders.get(rule)?.has(alert) !== true) return true;
    const question = `${rule}\n${alert}`;
    const known = this.#answers.get(question);
    if (known !== undefined) return known;
    const answer = this.#leadsTo(alert, new Set(namesOfRule(rule)));
    this.#answers.set(question, answer);
    return answer;
  }

  #leadsTo(alert: string, targets: ReadonlySet<string>): boolean {
    const met = new Set([alert]);
    for (const name of met) {
      if (targets.has(name)) return true;
      for (const rule of this.#rules.get(name) ?? [])
        for (const hider of this.#hiders.get(rule) ?? []) met.add(hider);
    }
    return false;
  }
}
