/**
 * YAML as people write it: a value, and for each part of it the place in the text.
 *
 * YAML 1.2 core schema, one document per file, no tags of its own: `yes` is text and `012` is
 * twelve. Anchors and aliases work, up to a bound that keeps a small file from becoming a large
 * value.
 */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  stringify,
  visit,
} from "yaml";
import type { Fault } from "../core/fault.ts";
import type { SourcePlace } from "./located-fault.ts";
import { faultOfError } from "./yaml-errors.ts";

/** How many nodes the aliases of one file may stand for, together. */
const maxAliasCount = 10_000;

/** A file that is YAML; whether it says something sensible is not known yet. */
export interface YamlText {
  /** Plain objects, lists, texts, numbers, booleans and null; null for an empty file. */
  readonly value: unknown;
  /**
   * Where the value at a path stands, or its key. The nearest thing around it when there is nothing
   * at the path, such as a missing field.
   */
  locate(path: readonly (string | number)[], atKey?: boolean): SourcePlace;
}

/** What is wrong with a text that is not YAML, each with its place. */
export interface YamlFault extends Fault {
  readonly place: SourcePlace;
}

export type YamlResult =
  | ({ readonly ok: true } & YamlText)
  | {
      readonly ok: false;
      readonly faults: readonly YamlFault[];
      /** What the text says all the same; of a field that is given twice, the later one. */
      readonly rest?: YamlText;
      /** The text breaks off somewhere: `rest` is a guess, good for finding what else is named. */
      readonly isGuess: boolean;
    };

/** Reads the text of one file. Never throws. */
export function readYaml(text: string): YamlResult {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // What is odd without being wrong is nobody's to print.
    logLevel: "error",
  });
  const placeAt = (start: number, end: number): SourcePlace => placeOf(text, lines, start, end);
  const found = [...document.errors, ...document.warnings];
  const faults = found.map((error): YamlFault => {
    const place = placeAt(error.pos[0], error.pos[1]);
    return error.code === "DUPLICATE_KEY"
      ? repeatedField(document, error.pos[0], placeAt)
      : { ...faultOfError(error), path: [], place };
  });
  const strays = strayAliases(document, placeAt);
  faults.push(...strays);
  const isGuess = strays.length > 0 || found.some(({ code }) => code !== "DUPLICATE_KEY");
  try {
    const rest = {
      value: strays.length > 0 ? undefined : plainValueOf(document),
      locate: (path: readonly (string | number)[], atKey = false) => {
        const [start, end] = rangeAt(document, path, atKey);
        return placeAt(start, end);
      },
    };
    return faults.length === 0 ? { ok: true, ...rest } : { ok: false, faults, rest, isGuess };
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown;
    const message = `aliases stand for more than ${maxAliasCount} values`;
    const hint = "write the values out";
    faults.push({ code: "yaml.alias-bomb", path: [], message, hint, place: placeAt(0, 0) });
    return { ok: false, faults, isGuess: true };
  }
}

function plainValueOf(document: Document.Parsed): unknown {
  return document.toJS({ maxAliasCount });
}

/** The text of a value, as a person would write it. */
export function writeYaml(value: unknown): string {
  return stringify(value, { lineWidth: 100 });
}

/** The parser points at the first letter of the second key; people want the whole of both. */
function repeatedField(document: Document.Parsed, start: number, placeAt: PlaceAt): YamlFault {
  let path: (string | number)[] = [];
  let first: Range = [start, start];
  let second: Range = [start, start + 1];
  visit(document, {
    Map: (_, map, above) => {
      const key = map.items.map(({ key }) => key).find((key) => rangeOf(key)?.[0] === start);
      if (key === undefined) return undefined;
      const name = keyText(key);
      const twin = map.items.find((pair) => keyText(pair.key) === name)?.key;
      path = [...stepsOf([...above, map]), name];
      first = rangeOf(twin) ?? first;
      second = rangeOf(key) ?? second;
      return visit.BREAK;
    },
  });
  return {
    code: "yaml.duplicate-key",
    path,
    atKey: true,
    message: `field "${pathText(path)}" is given twice`,
    hint: `keep one of them; the first is in line ${placeAt(...first).line}`,
    place: placeAt(...second),
  };
}

/** The keys and numbers that lead down a line of nodes. */
function stepsOf(line: readonly unknown[]): (string | number)[] {
  return line.flatMap((node, at): (string | number)[] => {
    if (isPair(node)) return [keyText(node.key)];
    if (!isSeq(node)) return [];
    const index = node.items.findIndex((one) => one === line[at + 1]);
    return index < 0 ? [] : [index];
  });
}

/** `devices[0].tags.area` */
function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** Aliases that name no anchor; the parser itself finds them only when it makes the value. */
function strayAliases(document: Document.Parsed, placeAt: PlaceAt): YamlFault[] {
  const faults: YamlFault[] = [];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document)) return;
      const [start, end] = alias.range ?? [0, 0];
      faults.push({
        code: "yaml.unknown-alias",
        path: [],
        message: `alias *${alias.source} names no anchor above it`,
        hint: "quote a text that begins with *",
        place: placeAt(start, end),
      });
    },
  });
  return faults;
}

type Range = readonly [start: number, end: number];
type PlaceAt = (start: number, end: number) => SourcePlace;

function rangeAt(
  document: Document.Parsed,
  path: readonly (string | number)[],
  atKey: boolean,
): Range {
  let range: Range = rangeOf(document.contents) ?? [0, 0];
  let here: unknown = document.contents;
  for (const [index, step] of path.entries()) {
    if (isAlias(here)) here = here.resolve(document);
    if (isMap(here)) {
      // Of a field that is given twice, the later one counts.
      const pair = here.items.findLast(({ key }) => keyText(key) === String(step));
      if (!pair) return [range[0], range[0]];
      const keyRange = rangeOf(pair.key) ?? range;
      const wantsKey = atKey && index === path.length - 1;
      range = wantsKey || isEmpty(pair.value) ? keyRange : (rangeOf(pair.value) ?? keyRange);
      here = pair.value;
    } else if (isSeq(here)) {
      here = here.items[Number(step)];
      range = rangeOf(here) ?? range;
    } else {
      return [range[0], range[0]];
    }
  }
  return range;
}

function rangeOf(node: unknown): Range | undefined {
  const range = isNode(node) ? (node satisfies Node).range : undefined;
  return range ? [range[0], range[1]] : undefined;
}

/** True for the value of `key:` with nothing behind it, which stands nowhere. */
function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === "");
}

function placeOf(text: string, lines: LineCounter, start: number, end: number): SourcePlace {
  const { line, col } = lines.linePos(start);
  const lineStart = start - (col - 1);
  const newline = text.indexOf("\n", lineStart);
  const lineText = text.slice(lineStart, newline < 0 ? text.length : newline).replace(/\r$/, "");
  const stretch = text.slice(start, Math.min(end, lineStart + lineText.length)).trimEnd();
  return {
    line: Math.max(1, line),
    column: Math.max(1, col),
    width: Math.max(1, stretch.length),
    text: lineText,
  };
}
