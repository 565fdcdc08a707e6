/**
 * Which reads bring the values of a group: as few as there can be. Values that share registers, or
 * take several, are never read in two.
 */
import type { RegisterBlock, RegisterTable } from "../../core/poll-plan.ts";
import type { RegisterValue } from "./register-values.ts";

export interface ReadLimits {
  /** In registers. */
  readonly maxGap: number;
  readonly maxRead: number;
}

const mostBits = 2_000;
const bitsOfRegister = 16;

/** The id of a model and its length stand in front of its values, and say that it is still there. */
export const headOfModel = 2;

type Span = Pick<RegisterBlock, "at" | "count">;

/** The blocks of some values, table by table. */
export function planReads(values: readonly RegisterValue[], limits: ReadLimits): RegisterBlock[] {
  const tables = [...new Set(values.map(({ table }) => table))];
  return tables.flatMap((table) => {
    const own: Span[] = values.filter((value) => value.table === table);
    const isInModel = values.some(({ models }) => models !== undefined);
    const spans = isInModel ? [{ at: 0, count: headOfModel }, ...own] : own;
    return planTable(table, spans, limits);
  });
}

function planTable(
  table: RegisterTable,
  spans: readonly Span[],
  { maxGap, maxRead }: ReadLimits,
): RegisterBlock[] {
  const isOfBits = table === "coil" || table === "discrete";
  const most = isOfBits ? mostBits : maxRead;
  const gap = isOfBits ? maxGap * bitsOfRegister : maxGap;
  const sorted = spans.toSorted((a, b) => a.at - b.at);
  const whole = gather(sorted, (last, next) => next.at < last.at + last.count);
  const runs = gather(
    whole.map(({ span }) => span),
    (last, next) => next.at === last.at + last.count && next.at + next.count - last.at <= most,
  );
  const joined = gather(
    runs.map(({ span }) => span),
    (last, next) => next.at - last.at - last.count <= gap && next.at + next.count - last.at <= most,
  );
  let at = 0;
  return joined.map(({ members, span }) => {
    const parts = runs.slice(at, at + members.length).map((run) => halve(table, run.members));
    at += members.length;
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { table, ...span, parts };
  });
}

/** A block of neighbors that can be taken apart in the middle, and each half again. */
function halve(table: RegisterTable, members: readonly Span[]): RegisterBlock {
  const span = spanOf(members);
  if (members.length < 2) return { table, ...span };
  const middle = Math.ceil(members.length / 2);
  const parts = [halve(table, members.slice(0, middle)), halve(table, members.slice(middle))];
  return { table, ...span, parts };
}

/** Joins each with those in front of it as long as it belongs to them. */
function gather(
  spans: readonly Span[],
  belongs: (last: Span, next: Span) => boolean,
): { readonly span: Span; readonly members: readonly Span[] }[] {
  const groups: { span: Span; members: Span[] }[] = [];
  for (const next of spans) {
    const last = groups.at(-1);
    if (last !== undefined && belongs(last.span, next)) {
      last.members.push(next);
      last.span = spanOf(last.members);
    } else groups.push({ span: { at: next.at, count: next.count }, members: [next] });
  }
  return groups;
}

function spanOf(members: readonly Span[]): Span {
  const at = Math.min(...members.map((one) => one.at));
  return { at, count: Math.max(...members.map((one) => one.at + one.count)) - at };
}
