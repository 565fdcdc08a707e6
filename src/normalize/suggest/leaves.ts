/** Every single value of some decoded messages, by its path. */
import { isScalar, type Scalar } from "../paths/path.ts";
import { isTraceField } from "../said-trace.ts";

/** What was seen at a path. */
export interface Leaf {
  /** As profiles write it. */
  readonly path: string;
  /** Keys from the outside to the inside. */
  readonly keys: readonly string[];
  /** In the order of the messages. */
  readonly values: Scalar[];
}

const mostLeaves = 256;
const mostDepth = 8;

/** Those of all messages, in the order in which they were met; bounded. */
export function leavesOf(messages: readonly unknown[]): Leaf[] {
  const found = new Map<string, Leaf>();
  for (const message of messages) visit(message, [], found);
  return [...found.values()];
}

function visit(value: unknown, keys: readonly string[], found: Map<string, Leaf>): void {
  if (isScalar(value)) {
    const path = pathOf(keys);
    const leaf = found.get(path) ?? { path, keys, values: [] };
    if (found.size < mostLeaves || found.has(path)) found.set(path, leaf);
    leaf.values.push(value);
    return;
  }
  if (typeof value !== "object" || value === null || keys.length === mostDepth) return;
  for (const [key, member] of Object.entries(value))
    if (keys.length > 0 || !isTraceField(key, member)) visit(member, [...keys, key], found);
}

function pathOf(keys: readonly string[]): string {
  if (keys.length === 0) return "$";
  return keys.reduce((path, key) => {
    if (/[.[\]"\s*^]/.test(key) || key === "") return `${path}["${key.replaceAll('"', "")}"]`;
    return path === "" ? key : `${path}.${key}`;
  }, "");
}
