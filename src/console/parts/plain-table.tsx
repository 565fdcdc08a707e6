/** A table of few rows that holds still by itself. On a narrow page each row is a card. */
import type { ComponentChildren } from "preact";
import "./plain-table.css";

interface PlainTableProps<Row> {
  readonly label: string;
  readonly heads: readonly string[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** As many as there are heads; the first names the row. */
  readonly cells: (row: Row) => readonly ComponentChildren[];
}

export function PlainTable<Row>({ label, heads, rows, keyOf, cells }: PlainTableProps<Row>) {
  return (
    <div class="card plain-table">
      <table role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {heads.map((head) => (
              <th key={head} role="columnheader" scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={keyOf(row)} role="row">
              {cells(row).map((cell, index) =>
                index === 0 ? (
                  <th key={heads[index]} role="rowheader" scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={heads[index]} role="cell" data-head={heads[index]}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
