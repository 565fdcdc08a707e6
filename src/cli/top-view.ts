/** What a person wants to see of it, by the keys that were pressed. */
import type { Key } from "../screen/key-reader.ts";

export interface TopView {
  readonly order: string;
  /** Which devices; empty for all. */
  readonly search: string;
  /** Undefined while no filter is being typed. */
  readonly typing: string | undefined;
  /** Rows of devices above the first that is shown. */
  readonly above: number;
  readonly isHelp: boolean;
}

export const firstView: TopView = {
  order: "worst",
  search: "",
  typing: undefined,
  above: 0,
  isHelp: false,
};

/** Which key orders devices how, and what that is in words. */
export const orderKeys: readonly (readonly [key: Key, order: string, words: string])[] = [
  ["w", "worst", "worst first"],
  ["n", "name", "by name"],
  ["r", "rate", "fastest first"],
  ["l", "last", "longest unheard first"],
  ["x", "rejected", "most rejected first"],
  ["p", "repeats", "most repeats first"],
  ["e", "events", "most events first"],
];

const mostTyped = 64;

/** The view after a key; `end` where it ends. A page is as many devices as are shown. */
export function pressed(view: TopView, key: Key, page: number): TopView | "end" {
  if (key === "ctrl-c") return "end";
  if (view.typing !== undefined) return typed(view, view.typing, key);
  if (view.isHelp) return key === "q" ? "end" : { ...view, isHelp: false };
  const order = orderKeys.find(([known]) => known === key);
  if (order !== undefined) return { ...view, order: order[1], above: 0 };
  const above = scrolled(view.above, key, Math.max(1, page));
  if (above !== undefined) return { ...view, above };
  if (key === "q") return "end";
  if (key === "?") return { ...view, isHelp: true };
  if (key === "/") return { ...view, typing: view.search };
  if (key === "escape") return { ...view, search: "", above: 0 };
  return view;
}

function typed(view: TopView, text: string, key: Key): TopView {
  if (key === "enter") return { ...view, typing: undefined, search: text, above: 0 };
  if (key === "escape") return { ...view, typing: undefined, search: "", above: 0 };
  const next = textAfter(text, key);
  // What is typed counts at once.
  return { ...view, typing: next, search: next, above: 0 };
}

function textAfter(text: string, key: Key): string {
  if (key === "ctrl-u") return "";
  if (key === "backspace") return Array.from(text).slice(0, -1).join("");
  const isCharacter = Array.from(key).length === 1;
  return isCharacter && text.length < mostTyped ? text + key : text;
}

function scrolled(above: number, key: Key, page: number): number | undefined {
  if (key === "down" || key === "j") return above + 1;
  if (key === "up" || key === "k") return Math.max(0, above - 1);
  if (key === "page-down" || key === " ") return above + page;
  if (key === "page-up") return Math.max(0, above - page);
  if (key === "home") return 0;
  if (key === "end") return Number.MAX_SAFE_INTEGER;
  return undefined;
}
