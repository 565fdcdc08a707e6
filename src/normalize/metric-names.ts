/** The metrics of a profile under the names that they have on a topic. */

import type { Profile } from "./profile.ts";
import type { Captures } from "./topics/topic-template.ts";
import { dependsOnWords, nameMetric, type TopicMetrics } from "./walk/metric.ts";

export class MetricNames {
  /** Of profiles whose metrics have one name under every topic. */
  readonly #fixed = new Map<Profile, TopicMetrics>();

  /** One list for all topics where no name depends on the topic. */
  of(profile: Profile, words: Captures): TopicMetrics {
    const fixed = this.#fixed.get(profile);
    if (fixed !== undefined) return fixed;
    const metrics = nameMetrics(profile, words);
    if (!profile.metrics.some(dependsOnWords)) this.#fixed.set(profile, metrics);
    return metrics;
  }
}

/**
 * Where words give two metrics one name, the earlier one has it; where they lead to a metric that is
 * theirs alone, those for all other words are not looked for.
 */
export function nameMetrics(profile: Profile, words: Captures): TopicMetrics {
  const names = new Set<string>();
  const named = profile.metrics.map((mapping) => nameMetric(mapping, words));
  const isTheirs = named.some((metric) => metric?.mapping.where !== undefined);
  return named.map((metric) => {
    if (metric === undefined || (isTheirs && metric.mapping.otherwise)) return undefined;
    if (metric.around === undefined && names.has(metric.name)) return undefined;
    names.add(metric.name);
    return metric;
  });
}
