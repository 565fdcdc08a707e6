/**
 * Keys that do something: one letter, or `g` and a letter. Not while somebody types, nor behind a
 * dialog; and they can be switched off, since speech input and slips of the hand press them, too.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { preference } from "./preference.ts";

export interface KeyUse {
  /** Such as `p`, `/`, `Escape` or `g d`. */
  readonly keys: string;
  /** What it does, for the list of keys. */
  readonly does: string;
  run(event: KeyboardEvent): void;
}

export const keysAre = preference("keys", ["on", "off"]);

const uses = signal<readonly KeyUse[]>([]);

/** What keys do on what is shown now. */
export const keyUses: ReadonlySignal<readonly KeyUse[]> = uses;

/** Has a key do something while the component is shown; of two, the newer one is asked. */
export function useKey(keys: string, does: string, run: (event: KeyboardEvent) => void): void {
  const newest = useRef(run);
  newest.current = run;
  useEffect(() => {
    const use: KeyUse = { keys, does, run: (event) => newest.current(event) };
    uses.value = [...uses.peek(), use];
    return () => {
      uses.value = uses.peek().filter((one) => one !== use);
    };
  }, [keys, does]);
}

const longestPauseMs = 1_500;

/** Begins to listen. */
export function followKeys(): void {
  let first = "";
  let firstMs = 0;
  document.addEventListener("keydown", (event) => {
    const isSecond = first !== "" && event.timeStamp - firstMs < longestPauseMs;
    const keys = isSecond ? `${first} ${event.key}` : event.key;
    first = "";
    if (keysAre.peek() === "off" || isForSomethingElse(event)) return;
    const use = uses.peek().findLast((one) => one.keys === keys);
    if (use) {
      event.preventDefault();
      use.run(event);
    } else if (!isSecond && uses.peek().some((one) => one.keys.startsWith(`${event.key} `))) {
      first = event.key;
      firstMs = event.timeStamp;
    }
  });
}

function isForSomethingElse(event: KeyboardEvent): boolean {
  const { target } = event;
  return (
    event.defaultPrevented ||
    event.isComposing ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    document.querySelector("dialog[open]") !== null ||
    (target instanceof Element &&
      target.closest(
        "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]",
      ) !== null)
  );
}
