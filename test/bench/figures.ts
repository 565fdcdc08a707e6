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
