/**
 * What the rules of a gateway go on from: how far its log was read, what they remember, and who is still
 * to be told of what. One document, so that all of it speaks of the same moment.
 */
import type { AlertTransition } from "../../core/alert.ts";
import type { Origin } from "../../core/event.ts";
import { type LogPosition, toRunId, toSeq } from "../../core/ids.ts";
import { isObject } from "../../core/is-object.ts";
import { isTransition } from "../../core/transition-shape.ts";
import type { EngineMemory, StoredMemory } from "../engine.ts";

const format = 1;

/** Where the memory of a gateway is kept. */
export interface EdgeMemoryFile {
  /** Undefined where there is none. */
  read(): Promise<string | undefined>;
  /** What is there afterwards is the old text or the new, and the new once this resolves. */
  replace(text: string): Promise<void>;
  /** Fine where there is none. */
  remove(): Promise<void>;
}

export interface EdgeMemory {
  readonly position: LogPosition;
  readonly rules: StoredMemory;
  /** By the name of the receiver. */
  readonly waiting: ReadonlyMap<string, readonly AlertTransition[]>;
}

/** Undefined where the text is none, or speaks of another gateway. */
export function parseEdgeMemory(text: string, origin: Origin): EdgeMemory | undefined {
  const value = parse(text);
  if (!isObject(value) || value["format"] !== format) return undefined;
  const { gateway, head, parts, run, seq, site, waiting } = value;
  if (site !== origin.site || gateway !== origin.gateway) return undefined;
  if (typeof run !== "string" || !Number.isSafeInteger(seq)) return undefined;
  if (!isObject(parts) || !isObject(waiting)) return undefined;
  const lists = Object.entries(waiting).map(
    ([name, list]) => [name, Array.isArray(list) ? list.filter(isTransition) : []] as const,
  );
  return {
    position: { run: toRunId(run), seq: toSeq(Number(seq)) },
    rules: { head, parts: new Map(Object.entries(parts)) },
    waiting: new Map(lists),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes memories down, again and again: a part that did not change is not made anew. */
export class EdgeMemoryWriter {
  #parts: ReadonlyMap<string, string> = new Map();

  /** In steps, between which others may have their turn, but nothing may be fed. */
  *write(
    origin: Origin,
    position: LogPosition,
    { head, parts }: EngineMemory,
    waiting: () => ReadonlyMap<string, readonly AlertTransition[]>,
  ): Generator<void, string> {
    const pieces: string[] = [];
    const next = new Map<string, string>();
    for (const part of parts) {
      const known = part.isChanged ? undefined : this.#parts.get(part.name);
      const text = known ?? part.text();
      next.set(part.name, text);
      pieces.push(`${JSON.stringify(part.name)}:${text}`);
      yield;
    }
    this.#parts = next;
    const { gateway, site } = origin;
    const { run, seq } = position;
    const facts = { format, site, gateway, run, seq, head };
    const told = JSON.stringify({ ...facts, waiting: Object.fromEntries(waiting()) });
    return `${told.slice(0, -1)},"parts":{${pieces.join(",")}}}`;
  }
}
