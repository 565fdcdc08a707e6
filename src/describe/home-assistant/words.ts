/** What the words of an entity mean: its payloads for on and off, its states. */
import type { ReadableValue } from "./components.ts";
import { toText } from "./device-entry.ts";
import type { Entity } from "./entity.ts";

export interface Words {
  readonly meanings: ReadonlyMap<string, boolean | string>;
  /** There are no others. */
  readonly isComplete: boolean;
}

const openings = {
  state_open: "open",
  state_opening: "opening",
  state_closed: "closed",
  state_closing: "closing",
  state_stopped: "stopped",
};

/** Keys of a description that name the word of a state, and what it is stored as. */
const states: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  cover: openings,
  valve: openings,
  lock: {
    state_locked: "locked",
    state_locking: "locking",
    state_unlocked: "unlocked",
    state_unlocking: "unlocking",
    state_jammed: "jammed",
  },
};
export function wordsOf({ component, fields }: Entity, value: ReadableValue): Words | undefined {
  if (value.kind === "switch") return onAndOff(fields);
  const named = value.kind === "state" ? states[component] : undefined;
  if (named === undefined) return undefined;
  const meanings = new Map<string, string>();
  for (const [key, meaning] of Object.entries(named)) {
    const word = wordOf(fields[key]);
    if (word !== undefined) meanings.set(word, meaning);
  }
  return meanings.size > 0 ? { meanings, isComplete: false } : undefined;
}

/** A state word counts before the payload that commands it. */
function onAndOff(fields: Readonly<Record<string, unknown>>): Words {
  const on = wordOf(fields["state_on"]) ?? wordOf(fields["payload_on"]) ?? "ON";
  const off = wordOf(fields["state_off"]) ?? wordOf(fields["payload_off"]) ?? "OFF";
  const meanings = new Map<string, boolean>();
  for (const [word, meaning] of [
    [on, true],
    [off, false],
  ] as const) {
    meanings.set(word, meaning);
    // A template prints a truth value with a capital letter, and JSON does without.
    if (word === "True" || word === "False") meanings.set(word.toLowerCase(), meaning);
  }
  return { meanings, isComplete: true };
}

function wordOf(value: unknown): string | undefined {
  if (typeof value === "boolean") return value ? "True" : "False";
  return toText(value);
}
