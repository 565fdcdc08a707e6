/**
 * A table of many rows, of which those are drawn that are seen. On a narrow page each row is a card.
 * Rows do not move by themselves; `Newer` sorts them anew.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { useKey } from "../state/keys.ts";
import { goTo, setQuery } from "../state/place.ts";
import type { Selection } from "./selection.ts";
import type { StableEntry } from "./stable-order.ts";
import type { Column, Sort } from "./table-column.ts";
import { TableHead } from "./table-head.tsx";
import { TableRow } from "./table-row.tsx";
import type { StableRows } from "./use-stable-rows.ts";
import { useWindowedRows } from "./use-windowed-rows.ts";
import "./table.css";

interface TableProps<Row> {
  /** What it is a table of, for those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly entries: readonly StableEntry<Row>[];
  /** How it is sorted; without it, no column is a button. */
  readonly sort?: Sort<Row>;
  /** Where a row leads. */
  readonly hrefOf?: (row: Row, key: string) => string;
  /** Rows can be selected. */
  readonly selection?: Selection;
  /** What is not normal about a row: a line of that color at its side. */
  readonly toneOf?: (row: Row) => "critical" | "warning" | undefined;
}

export function Table<Row>(props: TableProps<Row>) {
  const { columns, entries, hrefOf, label, selection, sort, toneOf } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const rows = useWindowedRows(entries.length, body);
  useRowKeys(entries, body, rows.rowPx);
  useEffect(() => {
    const element = body.current;
    element?.addEventListener("click", openRow);
    return () => element?.removeEventListener("click", openRow);
  }, []);

  const width = columns.length + (selection ? 1 : 0);
  return (
    // Cards are no boxes of a table, and with that would lose the roles of one.
    <table class="table" role="table" aria-label={label} aria-rowcount={entries.length + 1}>
      <TableHead
        columns={columns}
        sort={sort}
        selection={selection}
        keys={() => entries.map(({ key }) => key)}
        onSort={(name) => setQuery({ sort: name }, { replace: true })}
      />
      <tbody ref={body} role="rowgroup">
        <Spacer heightPx={rows.from * rows.rowPx} width={width} />
        {entries.slice(rows.from, rows.to).map((entry, index) => (
          <TableRow
            key={entry.key}
            entry={entry}
            place={rows.from + index + 2}
            columns={columns}
            href={hrefOf?.(entry.row, entry.key)}
            tone={toneOf?.(entry.row)}
            isSelected={selection?.keys.has(entry.key)}
            selection={selection}
          />
        ))}
        <Spacer heightPx={(entries.length - rows.to) * rows.rowPx} width={width} />
      </tbody>
    </table>
  );
}

/** In place of rows that are not drawn. */
function Spacer({ heightPx, width }: { readonly heightPx: number; readonly width: number }) {
  if (heightPx <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus.
    <tr class="table-spacer" aria-hidden="true">
      <td colSpan={width} style={{ height: `${heightPx}px` }} />
    </tr>
  );
}

/** Sorts all as they are now, where that would move rows. */
export function Newer<Row>({ rows }: { readonly rows: StableRows<Row> }) {
  if (rows.newer === 0) return null;
  return (
    <button
      type="button"
      class="button button-small table-newer"
      title="Rows do not move by themselves. Sort them as they are now."
      onClick={rows.sortAnew}
    >
      ↑ {rows.newer} newer
    </button>
  );
}

/** A click beside the link of a row opens it, too. */
function openRow(event: MouseEvent): void {
  const { target } = event;
  if (!(target instanceof Element) || target.closest("a, button, input, label, select")) return;
  if (getSelection()?.isCollapsed === false) return;
  const link = target.closest("[data-key]")?.querySelector("a.table-open");
  if (link instanceof HTMLAnchorElement) goTo(link.pathname + link.search);
}

/** Of the window, taken by what stands above and below. */
const marginPx = 96;

/** `j` and `k` go down and up the rows. */
function useRowKeys<Row>(
  entries: readonly StableEntry<Row>[],
  body: { readonly current: HTMLElement | null },
  rowPx: number,
): void {
  const [wanted, setWanted] = useState<string>();
  const move = (step: number): void => {
    const focused = document.activeElement?.closest("[data-key]");
    const key = focused instanceof HTMLElement ? focused.dataset["key"] : undefined;
    const at = entries.findIndex((entry) => entry.key === key);
    const bodyPx = body.current?.getBoundingClientRect().top ?? 0;
    // Where none has the focus, the first that is seen is meant.
    const wantedAt = at < 0 ? Math.ceil((marginPx - bodyPx) / rowPx) : at + step;
    const next = Math.max(0, Math.min(wantedAt, entries.length - 1));
    const topPx = bodyPx + next * rowPx;
    if (topPx < marginPx || topPx > innerHeight - marginPx) scrollBy(0, topPx - innerHeight / 2);
    setWanted(entries[next]?.key);
  };
  useKey("j", "Go to the next row", () => move(1));
  useKey("k", "Go to the row before", () => move(-1));
  useEffect(() => {
    if (wanted === undefined) return;
    const row = body.current?.querySelector(`[data-key="${CSS.escape(wanted)}"]`);
    // The link before a box to tick, so that Enter opens the row.
    const target =
      row?.querySelector<HTMLElement>("a.table-open") ??
      row?.querySelector<HTMLElement>("button, input");
    if (!target) return;
    target.focus({ preventScroll: true });
    setWanted(undefined);
  });
}
