/** One row of a table; drawn again only when it is another. */
import { Component } from "preact";
import type { Selection } from "./selection.ts";
import type { StableEntry } from "./stable-order.ts";
import type { Column } from "./table-column.ts";
import { classesOf } from "./table-head.tsx";

interface TableRowProps<Row> {
  readonly entry: StableEntry<Row>;
  readonly place: number;
  readonly columns: readonly Column<Row>[];
  readonly href: string | undefined;
  readonly tone: "critical" | "warning" | undefined;
  readonly isSelected: boolean | undefined;
  readonly selection: Selection | undefined;
}

export class TableRow<Row> extends Component<TableRowProps<Row>> {
  override shouldComponentUpdate(next: TableRowProps<Row>): boolean {
    const { columns, entry, href, isSelected, place, tone } = this.props;
    return (
      next.entry.row !== entry.row ||
      next.entry.isGone !== entry.isGone ||
      next.isSelected !== isSelected ||
      next.columns !== columns ||
      next.href !== href ||
      next.place !== place ||
      next.tone !== tone
    );
  }

  override render({ columns, entry, href, isSelected, place, tone }: TableRowProps<Row>) {
    const { isGone, key, row } = entry;
    const classes = [isGone && "table-gone", tone && `table-tone-${tone}`].filter(Boolean);
    return (
      <tr
        role="row"
        data-key={key}
        aria-rowindex={place}
        class={classes.join(" ") || undefined}
        aria-selected={isSelected}
      >
        {this.props.selection && (
          <td role="cell" class="table-check">
            <input
              type="checkbox"
              aria-label={`Select ${key}`}
              checked={isSelected === true}
              onChange={() => this.#toggle()}
            />
          </td>
        )}
        {columns.map((column) => (
          <td key={column.id} role="cell" class={classesOf(column)} data-head={column.head}>
            {column.isMain && href !== undefined ? (
              <a class="table-open" href={href}>
                {column.cell(row)}
              </a>
            ) : (
              column.cell(row)
            )}
          </td>
        ))}
      </tr>
    );
  }

  #toggle(): void {
    const { entry, selection } = this.props;
    const keys = new Set(selection?.keys);
    if (!keys.delete(entry.key)) keys.add(entry.key);
    selection?.onChange(keys);
  }
}
