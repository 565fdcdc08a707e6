/** Whether charts are shown as tables: all of them are turned at once by a key. */
import { type ReadonlySignal, signal } from "@preact/signals";

export interface ChartTables {
  readonly isTable: boolean;
  /** Rises each time they are turned. */
  readonly round: number;
}

const turned = signal<ChartTables>({ isTable: false, round: 0 });

export const chartTables: ReadonlySignal<ChartTables> = turned;

/** Shows all charts as tables, or as drawings. */
export function turnCharts(isTable: boolean): void {
  turned.value = { isTable, round: turned.peek().round + 1 };
}
