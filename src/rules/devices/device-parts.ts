/**
 * The devices of one gateway in the parts in which they are saved: those that were met after each
 * other share one. A part that none of its devices changed in is not saved again.
 */

import type { MemoryPart } from "../engine-snapshot.ts";
import type { DeviceLine } from "./device-line.ts";

/** Fewer cost more messages, more cost more text for each device that changed. */
const devicesPerPart = 16;

interface Part {
  readonly name: string;
  readonly lines: Set<DeviceLine>;
  isChanged: boolean;
}

export class DeviceParts {
  readonly #prefix: string;
  readonly #parts = new Map<string, Part>();
  readonly #partOf = new Map<DeviceLine, Part>();
  #metCount = 0;

  /** All names begin with the prefix and a point. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  add(line: DeviceLine): void {
    const name = `${this.#prefix}.${Math.floor(this.#metCount / devicesPerPart)}`;
    this.#metCount += 1;
    const part = this.#parts.get(name) ?? { name, lines: new Set(), isChanged: true };
    part.lines.add(line);
    this.#parts.set(name, part);
    this.#partOf.set(line, part);
  }

  remove(line: DeviceLine): void {
    const part = this.#partOf.get(line);
    if (!part) return;
    this.#partOf.delete(line);
    part.lines.delete(line);
    part.isChanged = true;
    if (part.lines.size === 0) this.#parts.delete(part.name);
  }

  /** In the order in which their devices were met. Whoever asks for one saves it. */
  *all(): Iterable<MemoryPart> {
    for (const part of this.#parts.values()) {
      let { isChanged } = part;
      for (const line of part.lines) {
        isChanged ||= line.isChanged;
        line.isChanged = false;
      }
      part.isChanged = false;
      yield {
        name: part.name,
        isChanged,
        text: () => JSON.stringify(Array.from(part.lines, (line) => line.toSnapshot())),
      };
    }
  }
}
