/**
 * Which rules may be about a device, without a look at the others.
 *
 * Each rule stands under one of the things that it asks of a device: the one that it shares with the
 * fewest rules. A pattern is looked up by what it begins with, up to its first `*` or `?`; what is
 * found still has to be held against the device.
 */
import { matchesGlob } from "../core/glob.ts";
import type { RuleDevice } from "./rule-device.ts";
import { metricsOf, type NamedRule, type RuleSet } from "./rule-set.ts";

/** What is asked, and of what: `device` and `f-12`. */
interface Key {
  readonly asked: string;
  /** What the answer is, or begins with. */
  readonly text: string;
}

/** The rules under the answers to one question, by what the answers begin with. */
class Answers {
  readonly #lengths = new Set<number>();
  readonly #places = new Map<string, number[]>();

  add(text: string, place: number): void {
    this.#lengths.add(text.length);
    const places = this.#places.get(text);
    if (places) places.push(place);
    else this.#places.set(text, [place]);
  }

  collect(answer: string, into: Set<number>): void {
    for (const length of this.#lengths)
      if (length <= answer.length)
        for (const place of this.#places.get(answer.slice(0, length)) ?? []) into.add(place);
  }
}

export class RuleIndex {
  /** Some rule is about all gateways of a site together. */
  readonly isAboutSites: boolean;
  readonly #metrics: ReadonlySet<string>;
  readonly #patterns: readonly string[];
  readonly #rules: readonly NamedRule[];
  readonly #byId: ReadonlyMap<string, NamedRule>;
  readonly #answers = new Map<string, Answers>();

  constructor(ruleSet: RuleSet) {
    this.#metrics = metricsOf(ruleSet);
    this.#patterns = ruleSet.rules.flatMap(({ select }) => select.metrics ?? []);
    this.isAboutSites = ruleSet.rules.some(({ per }) => per === "site");
    this.#rules = ruleSet.rules;
    this.#byId = new Map(ruleSet.rules.map((rule) => [rule.id, rule]));
    const asked = ruleSet.rules.map(questionsOf);
    const sharers = new Map<string, number>();
    for (const { asked: question, text } of asked.flat(2)) {
      const key = `${question} ${text}`;
      sharers.set(key, (sharers.get(key) ?? 0) + 1);
    }
    const shared = (keys: readonly Key[]): number =>
      Math.max(...keys.map((key) => sharers.get(`${key.asked} ${key.text}`) ?? 0));
    for (const [place, questions] of asked.entries()) {
      const rarest = questions.reduce((one, other) => (shared(other) < shared(one) ? other : one));
      for (const key of rarest) this.#under(key.asked).add(key.text, place);
    }
  }

  /** True for a metric that some rule asks for. */
  asks(metric: string): boolean {
    if (this.#metrics.has(metric)) return true;
    return this.#patterns.some((pattern) => matchesGlob(pattern, metric));
  }

  /** The rule of that identity. */
  get(id: string): NamedRule | undefined {
    return this.#byId.get(id);
  }

  /** All rules that may select the device, and few that do not, in the order of the set. */
  *candidates(device: RuleDevice): Iterable<NamedRule> {
    const places = new Set<number>();
    for (const [asked, answers] of this.#answers)
      if (asked === "metric") for (const name of device.metrics) answers.collect(name, places);
      else answers.collect(answerOf(device, asked), places);
    for (const place of [...places].sort((one, other) => one - other)) {
      const rule = this.#rules[place];
      if (rule) yield rule;
    }
  }

  #under(asked: string): Answers {
    const answers = this.#answers.get(asked) ?? new Answers();
    this.#answers.set(asked, answers);
    return answers;
  }
}

const tagPrefix = "tag ";

/** What a rule asks of a device, each with the answers of which one suffices; at least one. */
function questionsOf({ condition, per, select }: NamedRule): readonly (readonly Key[])[] {
  const { device, gateway, metric, metrics, profile, site, tags } = select;
  const patterns = Object.entries({ device, profile, gateway, site });
  for (const [tag, values] of Object.entries(tags)) patterns.push([`${tagPrefix}${tag}`, values]);
  const questions = patterns.flatMap(([asked, texts]) =>
    texts === undefined ? [] : [texts.map((text) => ({ asked, text: beginningOf(text) }))],
  );
  const of = metric ?? (condition.kind === "absent" && per !== "metric" ? condition.of : undefined);
  if (of !== undefined) questions.push([{ asked: "metric", text: of }]);
  if (metrics)
    questions.push(metrics.map((text) => ({ asked: "metric", text: beginningOf(text) })));
  const answered = questions.filter((keys) => keys.length > 0);
  return answered.length > 0 ? answered : [[{ asked: "device", text: "" }]];
}

function answerOf(device: RuleDevice, asked: string): string {
  switch (asked) {
    case "device":
      return device.device;
    case "profile":
      return device.profile;
    case "gateway":
      return device.gateway;
    case "site":
      return device.site;
    default:
      return device.tags[asked.slice(tagPrefix.length)] ?? "";
  }
}

/** A pattern up to the first character that stands for others. */
function beginningOf(pattern: string): string {
  const end = pattern.search(/[*?]/);
  return end < 0 ? pattern : pattern.slice(0, end);
}
