/** What came in, went out and waited, with the times without a backbone shaded. */
import { useEffect } from "preact/hooks";
import type { StatusSamples } from "../../../api/shapes/status.ts";
import { Chart } from "../../chart/chart.tsx";
import { countText, rateText } from "../../parts/number-text.ts";
import { ErrorPanel } from "../../parts/panels.tsx";
import { SegmentLinks } from "../../parts/segment-links.tsx";
import { serverNowMs } from "../../state/now.ts";
import { queryPart } from "../../state/place.ts";
import { useAnswer } from "../../state/use-answer.ts";
import { averaged, outageSpans, rangeMs, ranges, rangeWords } from "./flow-samples.ts";

const refreshMs = { "15m": 3_000, "1h": 10_000, "6h": 60_000, "24h": 120_000 } as const;

const leastSpanMs = 60_000;

export function FlowCharts() {
  const range = ranges.find((one) => one === queryPart("range")) ?? "15m";
  const samples = useAnswer<StatusSamples>("/status/samples", { range });
  const { again, problem, value } = samples;
  useEffect(() => {
    const timer = setInterval(() => document.hidden || again(), refreshMs[range]);
    return () => clearInterval(timer);
  }, [range]);
  return (
    <section class="card overview-charts" aria-label="Flow over time">
      <div class="overview-charts-head">
        <SegmentLinks
          label="Range"
          name="range"
          choices={ranges.map((id) => ({ id, word: rangeWords[id] }))}
          current={range}
        />
      </div>
      {value && <Lines samples={value} spanMs={rangeMs[range]} />}
      {!value && problem && <ErrorPanel problem={problem} again={again} />}
      {!value && !problem && <div class="overview-charts-wait" />}
    </section>
  );
}

function Lines({ samples, spanMs }: { readonly samples: StatusSamples; readonly spanMs: number }) {
  const { atMs, backlog, inPerS, outPerS } = averaged(samples, spanMs);
  const toMs = Math.max(atMs.at(-1) ?? 0, serverNowMs() - samples.stepMs);
  // A program that runs for a minute has no quarter of an hour to show.
  const firstMs = Math.min(atMs[0] ?? toMs, toMs - leastSpanMs);
  const shared = {
    ...{ atMs, toMs, fromMs: Math.max(toMs - spanMs, firstMs), startsAtZero: true },
    spans: outageSpans(samples),
  };
  return (
    <div class="overview-charts-pair">
      <Chart
        title="In and out"
        heightPx={180}
        cursor="overview"
        data={{
          ...shared,
          series: [
            { label: "in", unit: "ev/s", values: inPerS, text: rateText, color: 1 },
            { label: "out", unit: "ev/s", values: outPerS, text: rateText, color: 5 },
          ],
        }}
      />
      <Chart
        title="Backlog"
        heightPx={180}
        cursor="overview"
        data={{
          ...shared,
          series: [
            {
              ...{ label: "waiting", unit: "events", values: backlog, color: 2, isFilled: true },
              text: (value) => countText(Math.round(value)),
            },
          ],
        }}
      />
    </div>
  );
}
