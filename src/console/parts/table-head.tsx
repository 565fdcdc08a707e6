/** The heads of a table's columns, by which it is sorted. */
import { Icon } from "./icon.tsx";
import type { Selection } from "./selection.ts";
import type { Column, Sort } from "./table-column.ts";

interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort<Row> | undefined;
  readonly selection: Selection | undefined;
  /** Of all rows. */
  readonly keys: () => readonly string[];
  readonly onSort: (name: string) => void;
}

export function TableHead<Row>({ columns, keys, onSort, selection, sort }: TableHeadProps<Row>) {
  return (
    <thead role="rowgroup">
      <tr role="row" aria-rowindex={1}>
        {selection && (
          <th role="columnheader" class="table-check">
            <input
              type="checkbox"
              aria-label="Select all"
              checked={selection.keys.size > 0 && selection.keys.size === keys().length}
              onChange={({ currentTarget }) =>
                selection.onChange(new Set(currentTarget.checked ? keys() : []))
              }
            />
          </th>
        )}
        {columns.map((column) => {
          const isSorted = sort?.column === column.id;
          const direction = sort?.isDown ? "descending" : "ascending";
          return (
            <th
              key={column.id}
              role="columnheader"
              scope="col"
              class={classesOf(column)}
              aria-sort={isSorted ? direction : undefined}
            >
              {sort && column.compare ? (
                <button
                  type="button"
                  onClick={() => onSort(isSorted && !sort.isDown ? `-${column.id}` : column.id)}
                >
                  {column.head}
                  {isSorted && <Icon name={sort.isDown ? "down" : "up"} />}
                </button>
              ) : (
                <span class={column.isActions ? "only-read" : undefined}>{column.head}</span>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

/** Classes of a head or cell. */
export function classesOf<Row>(column: Column<Row>): string {
  return [
    `table-${column.id}`,
    column.isNumber && "table-number",
    column.isMain && "table-main",
    column.isExtra && "table-extra",
    column.isActions && "table-actions",
  ]
    .filter(Boolean)
    .join(" ");
}
