import type { Description } from "./description.ts";

/** Topics that are read as if they were others; whoever names one first has it. */
export class OtherTopics {
  /** By all but the last level. */
  readonly #others = new Map<string, { readonly base: string; readonly by: Description }>();

  /** The other topic; undefined for one that is read as what it is. */
  of(topic: string): string | undefined {
    if (this.#others.size === 0) return undefined;
    const at = topic.lastIndexOf("/");
    const other = at < 0 ? undefined : this.#others.get(topic.slice(0, at));
    return other && other.base + topic.slice(at);
  }

  replace(before: Description | undefined, after: Description | undefined): void {
    for (const base of before?.readAs.keys() ?? [])
      if (this.#others.get(base)?.by === before) this.#others.delete(base);
    if (after === undefined) return;
    for (const [own, base] of after.readAs)
      if (!this.#others.has(own)) this.#others.set(own, { base, by: after });
  }
}
