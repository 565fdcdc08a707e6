/** What is drawn into a chart beside its lines: shaded times, limits, moments. */
import type uPlot from "uplot";
import type { ChartColors } from "./chart-colors.ts";
import type { ChartData, ChartLimit, ChartMark, ChartSpan } from "./chart-data.ts";

/** Behind the lines. */
export function drawSpans(
  plot: uPlot,
  spans: readonly ChartSpan[],
  data: ChartData,
  colors: ChartColors,
): void {
  const { ctx, bbox } = plot;
  ctx.save();
  clip(plot);
  for (const span of spans) {
    const from = plot.valToPos(span.fromMs, "x", true);
    const to = plot.valToPos(span.toMs ?? data.toMs, "x", true);
    // What is short is still seen.
    const width = Math.max(to - from, 2 * devicePixelRatio);
    ctx.globalAlpha = span.tone === "normal" ? 0.55 : 1;
    ctx.fillStyle = colors.soft[span.tone];
    ctx.fillRect(from, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colors.line[span.tone];
    ctx.fillRect(from, bbox.top, width, 2 * devicePixelRatio);
    ctx.fillStyle = colors.text[span.tone];
    ctx.font = colors.font;
    ctx.textBaseline = "top";
    const start = Math.max(from, bbox.left) + 4 * devicePixelRatio;
    const room = Math.min(to, bbox.left + bbox.width) - start;
    if (ctx.measureText(span.label).width < room)
      ctx.fillText(span.label, start, bbox.top + 5 * devicePixelRatio);
  }
  ctx.restore();
}

/** Over the lines. */
export function drawLimits(plot: uPlot, limits: readonly ChartLimit[], colors: ChartColors): void {
  const { ctx, bbox } = plot;
  ctx.save();
  clip(plot);
  ctx.font = colors.font;
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const { label, tone, value } of limits) {
    const y = plot.valToPos(value, "y", true);
    ctx.strokeStyle = colors.line[tone];
    ctx.fillStyle = colors.text[tone];
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    const isAtTop = y - bbox.top < 16 * devicePixelRatio;
    ctx.textBaseline = isAtTop ? "top" : "bottom";
    ctx.fillText(
      label,
      bbox.left + bbox.width - 4 * devicePixelRatio,
      y + (isAtTop ? 3 : -3) * devicePixelRatio,
    );
  }
  ctx.restore();
}

export function drawMarks(plot: uPlot, marks: readonly ChartMark[], colors: ChartColors): void {
  const { ctx, bbox } = plot;
  ctx.save();
  clip(plot);
  for (const { atMs, tone, value } of marks) {
    const x = plot.valToPos(atMs, "x", true);
    ctx.strokeStyle = colors.text[tone];
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    if (value === undefined) {
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
    } else {
      const y = plot.valToPos(value, "y", true);
      ctx.arc(x, y, 4 * devicePixelRatio, 0, 2 * Math.PI);
    }
    ctx.stroke();
  }
  ctx.restore();
}

function clip({ bbox, ctx }: uPlot): void {
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
}
