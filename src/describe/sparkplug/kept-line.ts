/** Births in the file beside the log, a line each, and where the sessions of nodes were at its end. */
import { isObject } from "../../core/is-object.ts";
import { type DataType, dataTypeNamed } from "../../normalize/codecs/sparkplug/data-type.ts";
import type { Varint } from "../../normalize/codecs/sparkplug/protobuf-reader.ts";
import type { BirthTable } from "./birth-table.ts";
import type { EdgeNode, Member } from "./edge-node.ts";

interface Whose {
  readonly group: string;
  readonly node: string;
  readonly owner?: string;
}

export interface KeptBirth extends Whose {
  readonly device?: string;
  readonly sinceMs: number;
  /** Name, type, unit, and how it is called here. */
  readonly metrics: readonly (readonly [string, DataType | null, string, string])[];
  /** Digits, and the name; null where two have it. */
  readonly aliases: readonly (readonly [string, string | null])[];
  /** Metrics of before, and how they were called. */
  readonly former: readonly (readonly [string, string])[];
}

/** Told at an orderly end only: who goes on precisely there has missed nothing. */
export interface KeptSession extends Whose {
  readonly seq: number;
  readonly bdSeq?: number;
  /** Whose aliases were in use; the empty name is the node itself. */
  readonly holds: readonly string[];
}

export function birthLine(node: EdgeNode, { device, names }: Member, table: BirthTable): KeptBirth {
  return {
    ...whoseOf(node),
    ...(device !== undefined && { device }),
    sinceMs: table.sinceMs,
    metrics: Array.from(table.definitions, ([key, { name, type, unitWord }]) => [
      key,
      type ?? null,
      unitWord,
      name,
    ]),
    aliases: Array.from(table.aliases, ([alias, name]) => [String(alias), name]),
    former: names.former(table.definitions),
  };
}

export function sessionLine(node: EdgeNode): KeptSession | undefined {
  const seq = node.sequence.last;
  if (seq === undefined) return undefined;
  const holds = [...node.members].flatMap(([name, member]) => (member.holds ? [name] : []));
  const { birthCount: bdSeq } = node;
  return { ...whoseOf(node), seq, ...(bdSeq !== undefined && { bdSeq }), holds };
}

function whoseOf({ group, node, owner }: EdgeNode): Whose {
  return { group, node, ...(owner !== undefined && { owner }) };
}

/** Undefined for a line that is damaged, or of another version. */
export function parseLine(text: string): KeptBirth | KeptSession | undefined {
  try {
    const line: unknown = JSON.parse(text);
    if (!isObject(line) || typeof line["group"] !== "string" || typeof line["node"] !== "string")
      return undefined;
    if (isBirth(line) || isSession(line)) return line;
  } catch {
    // A line that was cut.
  }
  return undefined;
}

function isBirth(line: object): line is KeptBirth {
  const { aliases, former, metrics, sinceMs } = line as Partial<KeptBirth>;
  return (
    typeof sinceMs === "number" &&
    isListOf(
      metrics,
      ([key, type, unit, name]) =>
        [key, unit, name].every(isText) && (type === null || isType(type)),
    ) &&
    isListOf(aliases, ([alias, name]) => isDigits(alias) && (name === null || isText(name))) &&
    isListOf(former, (pair) => pair.length === 2 && pair.every(isText))
  );
}

function isSession(line: object): line is KeptSession {
  const { bdSeq = 0, holds, seq } = line as Partial<KeptSession>;
  return (
    Number.isInteger(seq) && Number.isInteger(bdSeq) && Array.isArray(holds) && holds.every(isText)
  );
}

function isListOf(value: unknown, isOne: (entry: readonly unknown[]) => boolean): boolean {
  return Array.isArray(value) && value.every((entry) => Array.isArray(entry) && isOne(entry));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isType(value: unknown): boolean {
  return isText(value) && dataTypeNamed(value) !== undefined;
}

function isDigits(value: unknown): boolean {
  return isText(value) && /^\d{1,20}$/.test(value);
}

export function aliasOf(digits: string): Varint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}
