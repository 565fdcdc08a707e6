import { type EngineSnapshot, joinMemory } from "../../src/rules/engine-snapshot.ts";
import type { RuleEngine } from "../../src/rules/rule-engine.ts";

/** Keeps what an engine remembers as a processor does: of the parts only those that changed. */
export class KeptMemory {
  #head = "";
  #parts: ReadonlyMap<string, string> = new Map();

  /** Gives the names of the parts that were written. */
  save(engine: RuleEngine): readonly string[] {
    const { head, parts } = engine.memory();
    const written: string[] = [];
    const next = new Map<string, string>();
    for (const { isChanged, name, text } of parts) {
      const known = isChanged ? undefined : this.#parts.get(name);
      if (known === undefined) written.push(name);
      next.set(name, known ?? text());
    }
    this.#head = JSON.stringify(head);
    this.#parts = next;
    return written;
  }

  load(): EngineSnapshot | undefined {
    const parts = Array.from(this.#parts, ([name, text]) => [name, JSON.parse(text)] as const);
    return joinMemory(JSON.parse(this.#head), new Map(parts));
  }
}
