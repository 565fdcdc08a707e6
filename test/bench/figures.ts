/** Figures as people read them. */

/** One line of the table. */
export interface Figure {
  readonly what: string;
  /** With its unit. */
  readonly measured: string;
  /** What was aimed at; absent where nothing was. */
  readonly goal?: string;
}

/** Figures that belong together. */
export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** Figures of several things that are compared: one row for each. */
export interface FigureTable {
  readonly title: string;
  /** The first is above what is compared. */
  readonly columns: readonly string[];
  /** A row may be shorter: what has no figures says why in the second column. */
  readonly rows: readonly (readonly string[])[];
}

export function formatRate(perSecond: number): string {
  return `${formatCount(perSecond)} events/s`;
}

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString("en");
}

export function formatMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : formatCount(ms)} ms`;
}

export function formatMegabytes(bytes: number): string {
  return `${formatCount(bytes / 1e6)} MB`;
}

/** How many processors were busy: 1.25 is one and a quarter. */
export function formatProcessors(cpuMs: number, elapsedMs: number): string {
  return `${(cpuMs / elapsedMs).toFixed(2)} processors`;
}

const whatWidth = 58;
const measuredWidth = 22;

/** The lines of a group: what is measured to the left, figures flush right, goals behind them. */
export function formatGroup({ figures, title }: FigureGroup): string {
  const lines = figures.map(({ goal, measured, what }) => {
    const aim = goal === undefined ? "" : `   goal ${goal}`;
    return `  ${what.padEnd(whatWidth)}${measured.padStart(measuredWidth)}${aim}`;
  });
  return `\n${title}\n${lines.join("\n")}\n`;
}

/** Names to the left, figures flush right below their heads. */
export function formatTable({ columns, rows, title }: FigureTable): string {
  const full = [columns, ...rows.filter((row) => row.length === columns.length)];
  const widthOf = (column: number): number =>
    Math.max(...(column === 0 ? [columns, ...rows] : full).map((row) => row[column]?.length ?? 0));
  const widths = columns.map((_, column) => widthOf(column));
  const lineOf = (row: readonly string[]): string =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        if (column === 0) return text.padEnd(width);
        return row.length === columns.length ? text.padStart(width) : text;
      })
      .join("  ");
  return `\n${title}\n${[columns, ...rows].map((row) => `  ${lineOf(row)}`).join("\n")}\n`;
}
