/** What a chart shows. */

/** One line of a chart; every column is as long as the times. */
export interface ChartSeries {
  readonly label: string;
  /** Behind its numbers, such as `°C` or `ev/s`. */
  readonly unit: string;
  /** A null is a gap: no line crosses it. */
  readonly values: readonly (number | null)[];
  /** From the least to the greatest of each span of time, drawn behind the line. */
  readonly band?: {
    readonly min: readonly (number | null)[];
    readonly max: readonly (number | null)[];
  };
  /** 1 to 6; without it, by its place. */
  readonly color?: number;
  /** It stays as it was until the next value, as counters and switches do. */
  readonly isStepped?: boolean;
  /** Shaded down to zero, for what piles up. */
  readonly isFilled?: boolean;
  /** A number as text, without its unit. */
  readonly text?: (value: number) => string;
}

/** Times that are shaded: an outage, an episode of an alert. */
export interface ChartSpan {
  readonly fromMs: number;
  /** Undefined while it lasts. */
  readonly toMs: number | undefined;
  readonly label: string;
  readonly tone: "critical" | "warning" | "normal";
}

/** A limit that a value should not pass. */
export interface ChartLimit {
  readonly value: number;
  readonly label: string;
  readonly tone: "critical" | "warning" | "normal";
}

/** A single moment, such as when an alert fired, or a value that came late. */
export interface ChartMark {
  readonly atMs: number;
  readonly label: string;
  readonly tone: "critical" | "warning" | "normal";
  /** Beside a point of the first series; without it, a line from top to bottom. */
  readonly value?: number;
}

export interface ChartData {
  readonly fromMs: number;
  readonly toMs: number;
  /** Rising. */
  readonly atMs: readonly number[];
  readonly series: readonly [ChartSeries, ...ChartSeries[]];
  readonly spans?: readonly ChartSpan[];
  readonly limits?: readonly ChartLimit[];
  readonly marks?: readonly ChartMark[];
  /** Rates and counts are seen from zero up. */
  readonly startsAtZero?: boolean;
}
