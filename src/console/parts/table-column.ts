/** What a column of a table is, and how the URL says by which one is sorted. */
import type { ComponentChildren } from "preact";
import { queryPart } from "../state/place.ts";

export interface Column<Row> {
  readonly id: string;
  /** Its head; before the value on a narrow page. */
  readonly head: string;
  cell(row: Row): ComponentChildren;
  /** Which of two comes first when sorted upward; a column without it is not sorted by. */
  readonly compare?: (one: Row, other: Row) => number;
  /** Numbers stand at the end. */
  readonly isNumber?: boolean;
  /** Names the row: it has the link, and is the head of its card on a narrow page. */
  readonly isMain?: boolean;
  /** Only where there is room: not on a narrow page. */
  readonly isExtra?: boolean;
  /** Has nothing but buttons: no head is shown. */
  readonly isActions?: boolean;
}

export interface Sort<Row> {
  readonly column: string;
  readonly isDown: boolean;
  /** As the URL has it. */
  readonly name: string;
  compare(one: Row, other: Row): number;
}

/** By what the URL sorts: `sort=name` upward, `sort=-seen` downward. */
export function sortOf<Row>(columns: readonly Column<Row>[], fallback: string): Sort<Row> {
  const asked = queryPart("sort") ?? fallback;
  const sorts = (name: string): Column<Row> | undefined =>
    columns.find(({ compare, id }) => compare && id === name.replace(/^-/, ""));
  const name = sorts(asked) ? asked : fallback;
  const isDown = name.startsWith("-");
  const compare = sorts(name)?.compare ?? (() => 0);
  return {
    column: name.replace(/^-/, ""),
    isDown,
    name,
    compare: isDown ? (one, other) => compare(other, one) : compare,
  };
}

/** Compares by a number or a text of the rows; those that have none come last when sorted upward. */
export function by<Row>(
  of: (row: Row) => number | string | null | undefined,
): (one: Row, other: Row) => number {
  return (one, other) => {
    const a = of(one) ?? undefined;
    const b = of(other) ?? undefined;
    if (a === undefined || b === undefined)
      return Number(a === undefined) - Number(b === undefined);
    return typeof a === "string" && typeof b === "string"
      ? collator.compare(a, b)
      : Number(a > b) - Number(a < b);
  };
}

/** So that `motor-10` comes behind `motor-9`. */
const collator = new Intl.Collator("en", { numeric: true });
