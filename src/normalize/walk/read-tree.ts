/**
 * All paths of a profile as one tree, so that a message is walked once however many metrics there are,
 * and what no path leads to is seen on the way.
 */

import { findInKey, type KeyPattern } from "../paths/key-pattern.ts";
import type { Path, Step } from "../paths/path.ts";
import type { Finding } from "./findings.ts";
import type { Target } from "./target.ts";

/** A metric that reads the value at a place. */
export interface Slot {
  readonly target: Target;
  /** Which of its paths leads here; the lowest that finds a value counts. */
  readonly rank: number;
  /** How many keys stand above the one that the wildcard stands for; -1 without a wildcard. */
  readonly keyDepth: number;
  /** Of a wildcard that is a part of its key. */
  readonly pattern: KeyPattern | undefined;
}

/** Keys whose way down is kept at hand; more are found anew each time. */
const mostLearned = 512;
/** A longer key is no device's, and what a stranger makes up must not be kept. */
const mostKeyCharacters = 128;
/** Of keys that nobody reads. */
const mostEntries = 64;

/** A place in messages. */
export class ReadNode {
  /** As paths are written; empty for the root. */
  readonly path: string;
  readonly slots: Slot[] = [];
  /** Metrics that read every value below. */
  readonly leaves: Slot[] = [];
  /** Somebody reads the value here. */
  isRead = false;
  /** All that is below is read, or passed over on purpose. */
  covered = false;
  /** That something stands here says that the device lives. */
  alive = false;
  /** What was noticed at keys that nobody reads, at hand so that it costs no text again. */
  entries: Map<string, Finding> | undefined;
  /** No wildcard stands for keys here: those in `keys` are all there are. */
  isFixed = true;
  readonly keys = new Map<string, ReadNode>();
  #items: Map<number, ReadNode> | undefined;
  #any: ReadNode | undefined;
  readonly #patterns: { readonly pattern: KeyPattern; readonly node: ReadNode }[] = [];
  /** By key and by what it prints as. */
  #filters: Map<string, Map<string, ReadNode>> | undefined;
  readonly #learned = new Map<string, ReadNode | null>();
  /** What several wildcards lead to together, by which of them do. */
  readonly #merged = new Map<string, ReadNode>();
  #unread: Map<string, ReadNode> | undefined;
  readonly #both = new Map<ReadNode, Map<number, ReadNode>>();

  constructor(path: string) {
    this.path = path;
  }

  /** The place that a path leads to from here, made where it is new. */
  reach({ behind, keys, pattern, wildcard }: Path): ReadNode {
    let node: ReadNode = this;
    for (const step of keys) node = node.#below(step);
    if (wildcard !== "key") return node;
    node = node.#belowAny(pattern);
    for (const step of behind) node = node.#below(step);
    return node;
  }

  /** True where no path goes on. */
  get isEnd(): boolean {
    return this.isFixed && this.keys.size === 0 && this.#filters === undefined;
  }

  /** The place below a key of an object; undefined where no path goes. */
  child(key: string): ReadNode | undefined {
    if (this.isFixed) return this.keys.get(key);
    const known = this.#learned.get(key);
    if (known !== undefined) return known ?? undefined;
    const child = this.#find(key);
    if (this.#learned.size < mostLearned && isShort(key)) this.#learned.set(key, child ?? null);
    return child;
  }

  #find(key: string): ReadNode | undefined {
    const found = [this.keys.get(key), this.#any];
    let which = "";
    for (const [at, { node, pattern }] of this.#patterns.entries())
      if (findInKey(pattern, key) !== undefined) {
        found.push(node);
        which += `${at} `;
      }
    if (this.keys.has(key)) which += `=${key}`;
    const known = this.#merged.get(which);
    if (known !== undefined) return known;
    const child = merge(found);
    if (child !== undefined && this.#merged.size < mostLearned) this.#merged.set(which, child);
    return child;
  }

  /** The place of a member of a list. */
  item(index: number): ReadNode | undefined {
    const item = this.#items?.get(index);
    return item === undefined || this.#any === undefined
      ? (item ?? this.#any)
      : merge([item, this.#any]);
  }

  /** Keeps what was noticed at a key that nobody reads. */
  keep(key: string, entry: Finding): void {
    this.entries ??= new Map();
    if (this.entries.size < mostEntries && isShort(key)) this.entries.set(key, entry);
  }

  /** A place below that nobody reads; undefined where it was not kept yet. */
  unreadBelow(key: string): ReadNode | undefined {
    return this.#unread?.get(key);
  }

  /** Makes a place below that nobody reads, and keeps it where that is wanted. */
  addUnread(key: string, isKept: boolean): ReadNode {
    const node = new ReadNode(pathBelow(this.path, key));
    if (!isKept || !isShort(key)) return node;
    this.#unread ??= new Map();
    this.#unread.set(key, node);
    return node;
  }

  /** The place of a member that a field of it leads to, too. */
  itemLike(index: number, like: ReadNode): ReadNode {
    const item = this.item(index);
    if (item === undefined) return like;
    const byIndex = this.#both.get(like) ?? new Map<number, ReadNode>();
    // Members without a place of their own are all alike.
    const key = this.#items?.has(index) ? index : -1;
    const known = byIndex.get(key);
    if (known !== undefined) return known;
    const both = merge([item, like]) ?? like;
    this.#both.set(like, byIndex.set(key, both));
    return both;
  }

  /** Where members of a list are told apart by a field of theirs: by key and by what it prints as. */
  get filters(): ReadonlyMap<string, ReadonlyMap<string, ReadNode>> | undefined {
    return this.#filters;
  }

  #below(step: Step): ReadNode {
    if (typeof step === "object") return this.#belowFilter(step.key, step.text);
    const key = String(step);
    const node = this.keys.get(key) ?? new ReadNode(pathBelow(this.path, key));
    this.keys.set(key, node);
    if (typeof step === "number") {
      this.#items ??= new Map();
      this.#items.set(step, node);
    }
    return node;
  }

  #belowFilter(key: string, text: string): ReadNode {
    this.#filters ??= new Map();
    const byText = this.#filters.get(key) ?? new Map<string, ReadNode>();
    this.#filters.set(key, byText);
    const node = byText.get(text) ?? new ReadNode(`${this.path}[${key}=${text}]`);
    byText.set(text, node);
    // What tells the members apart is read.
    node.#below(key).isRead = true;
    return node;
  }

  #belowAny(pattern: KeyPattern | undefined): ReadNode {
    this.isFixed = false;
    if (pattern === undefined) {
      this.#any ??= new ReadNode(pathBelow(this.path, "*"));
      return this.#any;
    }
    const text = pattern.glob ?? `${pattern.before}*${pattern.after}`;
    const known = this.#patterns.find(({ node }) => node.path === pathBelow(this.path, text));
    if (known !== undefined) return known.node;
    const node = new ReadNode(pathBelow(this.path, text));
    this.#patterns.push({ pattern, node });
    return node;
  }

  /** Takes over where another place leads to. */
  #add(other: ReadNode): void {
    this.slots.push(...other.slots);
    this.leaves.push(...other.leaves);
    this.isRead ||= other.isRead;
    this.covered ||= other.covered;
    this.alive ||= other.alive;
    this.isFixed &&= other.isFixed;
    addAll(this.keys, other.keys);
    this.#items ??= other.#items && new Map();
    if (this.#items !== undefined && other.#items !== undefined) addAll(this.#items, other.#items);
    if (other.#any !== undefined) this.#any = merge([this.#any, other.#any]);
    this.#patterns.push(...other.#patterns);
    for (const [key, byText] of other.#filters ?? []) {
      this.#filters ??= new Map();
      const own = this.#filters.get(key) ?? new Map<string, ReadNode>();
      addAll(own, byText);
      this.#filters.set(key, own);
    }
  }

  /** One place for several; a single one is that itself. */
  static merged(nodes: readonly ReadNode[]): ReadNode | undefined {
    const [first, ...others] = nodes;
    if (first === undefined || others.length === 0) return first;
    const all = new ReadNode(first.path);
    for (const node of nodes) all.#add(node);
    return all;
  }
}

function isShort({ length }: string): boolean {
  return length <= mostKeyCharacters;
}

function merge(nodes: readonly (ReadNode | undefined)[]): ReadNode | undefined {
  return ReadNode.merged(nodes.filter((node) => node !== undefined));
}

function addAll<K>(own: Map<K, ReadNode>, others: ReadonlyMap<K, ReadNode>): void {
  for (const [key, node] of others) own.set(key, merge([own.get(key), node]) ?? node);
}

/** A path one key longer, as a profile has to write it. */
export function pathBelow(path: string, key: string): string {
  if (/[.[\]"\s]/.test(key) || key === "") return `${path}["${key}"]`;
  return path === "" ? key : `${path}.${key}`;
}
