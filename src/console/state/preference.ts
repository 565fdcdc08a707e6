/** What somebody chose for this browser. Where it may keep nothing, it holds until the page is left. */
import { effect, type Signal, signal } from "@preact/signals";

/** A choice out of some, kept under a name; the first is taken where nothing was chosen. */
export function preference<const Choice extends string>(
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Signal<Choice> {
  const key = `sluicegate.${name}`;
  const kept = read(key);
  const chosen = signal<Choice>(choices.find((choice) => choice === kept) ?? choices[0]);
  effect(() => write(key, chosen.value));
  return chosen;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The browser keeps nothing of this page, which is its user's choice.
  }
}
