/** The colors of the page, as a canvas needs them. */
import type { ChartSpan } from "./chart-data.ts";

type ByTone = Readonly<Record<ChartSpan["tone"], string>>;

export interface ChartColors {
  readonly series: readonly string[];
  readonly soft: ByTone;
  readonly line: ByTone;
  readonly text: ByTone;
  readonly axis: string;
  readonly grid: string;
  readonly font: string;
}

/** As the theme has them now. */
export function readColors(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    series: [1, 2, 3, 4, 5, 6].map((number) => color(`series-${number}`)),
    soft: {
      critical: color("critical-soft"),
      warning: color("warning-soft"),
      normal: color("selected"),
    },
    line: {
      critical: color("critical-line"),
      warning: color("warning-line"),
      normal: color("line-strong"),
    },
    text: {
      critical: color("critical"),
      warning: color("warning"),
      normal: color("text-soft"),
    },
    axis: color("text-faint"),
    grid: color("line"),
    font: `${12 * devicePixelRatio}px ${color("font")}`,
  };
}

/** A color as thin as a band is. */
export function thin(color: string): string {
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}33` : color;
}
