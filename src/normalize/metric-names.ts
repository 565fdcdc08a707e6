/** The metrics of a profile under the names that they have on a topic. */
import { dependsOnWords, type Metric, nameMetric } from "./metric.ts";
import type { Profile } from "./profile.ts";
import type { Captures } from "./topic-template.ts";

export class MetricNames {
  /** Of profiles whose metrics have one name under every topic. */
  readonly #fixed = new Map<Profile, readonly Metric[]>();

  /** One list for all topics where no name depends on the topic. */
  of(profile: Profile, words: Captures): readonly Metric[] {
    const fixed = this.#fixed.get(profile);
    if (fixed !== undefined) return fixed;
    const metrics = nameMetrics(profile, words);
    if (!profile.metrics.some(dependsOnWords)) this.#fixed.set(profile, metrics);
    return metrics;
  }
}

/** Where words give two metrics one name, the earlier one has it. */
export function nameMetrics(profile: Profile, words: Captures): readonly Metric[] {
  const names = new Set<string>();
  return profile.metrics.flatMap((mapping) => {
    const metric = nameMetric(mapping, words);
    if (metric === undefined) return [];
    if (metric.around === undefined && names.has(metric.name)) return [];
    names.add(metric.name);
    return [metric];
  });
}
