/** How the metrics of a device are called here. A name once given stays. */
import { fnv1a32 } from "../../core/fnv1a.ts";
import { slug } from "../slug.ts";
import { mostFormerNames, mostNameCharacters } from "./bounds.ts";

export class MetricNames {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  get size(): number {
    return this.#names.size;
  }

  /** `motor_1_speed` for `Motor 1/Speed`; another one where two would be called so. */
  of(metric: string): string {
    const before = this.#names.get(metric);
    if (before !== undefined) return before;
    const plain = slug(metric);
    let name = plain;
    for (let more = 0; name === "" || this.#taken.has(name); more += 1)
      name = marked(plain, `${metric}\0${more || ""}`);
    this.give(metric, name);
    return name;
  }

  /** Of a metric that no birth told of: it keeps no name, unless it has one or may have one. */
  ofUntold(metric: string, mayKeep: () => boolean): string {
    const isKept = this.#names.has(metric) || (metric.length <= mostNameCharacters && mayKeep());
    return isKept ? this.of(metric) : marked(slug(metric), metric);
  }

  /** As an earlier process called it. */
  give(metric: string, name: string): void {
    this.#names.set(metric, name);
    this.#taken.add(name);
  }

  /** Those of metrics that are none of these any more. */
  former(present: ReadonlyMap<string, unknown>): (readonly [string, string])[] {
    return [...this.#names].filter(([metric]) => !present.has(metric));
  }

  /** Forgets names that nothing has any more, where there are too many or they are too long. */
  trim(present: ReadonlyMap<string, unknown> | undefined, most = mostFormerNames): void {
    const kept = present ?? new Map<string, unknown>();
    if (this.#names.size <= kept.size) return;
    for (const [at, [metric, name]] of this.former(kept).entries()) {
      if (at < most && metric.length <= mostNameCharacters) continue;
      this.#names.delete(metric);
      this.#taken.delete(name);
    }
  }
}

function marked(plain: string, text: string): string {
  const mark = fnv1a32(text).toString(36);
  const beginning = plain.slice(0, longest - mark.length - 1);
  return beginning === "" ? mark : `${beginning}_${mark}`;
}

/** A name of a metric is no longer. */
const longest = 64;
