import type { OpenCommand } from "./open-command.ts";

/** Commands without a final step, and what they weigh as they are kept. */
export class CommandsInHand {
  readonly #byId = new Map<string, OpenCommand>();
  #bytes = 0;

  get count(): number {
    return this.#byId.size;
  }

  /** Those of which nothing left. */
  get waiting(): number {
    return [...this.#byId.values()].filter(({ course }) => course.left === 0).length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  get(id: string): OpenCommand | undefined {
    return this.#byId.get(id);
  }

  /** In the order in which they were added. */
  values(): Iterable<OpenCommand> {
    return this.#byId.values();
  }

  add(open: OpenCommand): void {
    this.#byId.set(open.course.command.id, open);
    this.#bytes += open.bytes;
  }

  remove(open: OpenCommand): void {
    if (this.#byId.delete(open.course.command.id)) this.#bytes -= open.bytes;
  }
}
