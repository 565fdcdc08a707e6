/** The lines of a chart on a canvas. Loaded when a chart is shown first: the library is large. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { readColors } from "./chart-colors.ts";
import { drawnColumns } from "./chart-columns.ts";
import type { ChartData } from "./chart-data.ts";
import { chartOptions } from "./chart-options.ts";

export interface ChartCanvasProps {
  readonly data: ChartData;
  readonly heightPx: number;
  readonly zone: string;
  /** Another theme, other colors. */
  readonly theme: string;
  readonly cursor: string | undefined;
  /** The place that the keys are at; undefined where the pointer says. */
  readonly place: number | undefined;
  readonly onCursor: (place: number | undefined) => void;
  readonly onSelect: ((fromMs: number, toMs: number) => void) | undefined;
}

export default function ChartCanvas(props: ChartCanvasProps) {
  const { cursor, data, heightPx, place, theme, zone } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const newest = useRef(props);
  newest.current = props;
  // Made anew only where the lines are others, never for new numbers: that would cost memory.
  const lines = data.series.map(({ band, color, label }) => `${label} ${color} ${!!band}`).join();

  // The rest is read when it is needed.
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const made = new uPlot(
      chartOptions({
        data: () => newest.current.data,
        colors: readColors(),
        zone,
        widthPx: Math.max(80, element.clientWidth),
        heightPx,
        cursor,
        onCursor: (at) => newest.current.onCursor(at),
        onSelect: newest.current.onSelect && ((from, to) => newest.current.onSelect?.(from, to)),
      }),
      toPlotData(newest.current.data),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0)
        made.setSize({ width: element.clientWidth, height: newest.current.heightPx });
    });
    observer.observe(element);
    const release = followFingers(made);
    return () => {
      release();
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [lines, zone, theme, cursor, heightPx]);

  useEffect(() => {
    plot.current?.setData(toPlotData(data));
  }, [data]);

  useEffect(() => {
    const made = plot.current;
    const atMs = place === undefined ? undefined : data.atMs[place];
    if (made && atMs !== undefined) made.setCursor({ left: made.valToPos(atMs, "x"), top: 10 });
  }, [place, data]);

  return <div ref={host} class="chart-canvas" aria-hidden="true" />;
}

function toPlotData(data: ChartData): uPlot.AlignedData {
  const { atMs, columns } = drawnColumns(data);
  return [[...atMs], ...columns.map((column) => [...column])];
}

/** The library knows the mouse; a finger moves the cursor, and the page still scrolls up and down. */
function followFingers(plot: uPlot): () => void {
  const { over } = plot;
  const move = (event: PointerEvent): void => {
    if (event.pointerType === "mouse") return;
    const { left } = over.getBoundingClientRect();
    plot.setCursor({ left: event.clientX - left, top: 10 });
  };
  // What stands above may have moved the chart since the library looked.
  const enter = (): void => plot.syncRect();
  over.addEventListener("pointerdown", move);
  over.addEventListener("pointermove", move);
  over.addEventListener("mouseenter", enter);
  return () => {
    over.removeEventListener("pointerdown", move);
    over.removeEventListener("pointermove", move);
    over.removeEventListener("mouseenter", enter);
  };
}
