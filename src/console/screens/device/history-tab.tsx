/** One metric of a device over time, with what the rules made of it. */
import type { DevicePage } from "../../../api/shapes/device.ts";
import type { History } from "../../../api/shapes/history.ts";
import { Moment } from "../../parts/moment.tsx";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { SeverityPill } from "../../parts/pill.tsx";
import { spanText } from "../../parts/time-text.ts";
import { quantityText, unitText } from "../../parts/unit-text.ts";
import { hrefWith, queryPart } from "../../state/place.ts";
import { HistoryChart } from "./history-chart.tsx";
import { HistoryPicker } from "./history-picker.tsx";
import { rangeOf } from "./history-range.ts";
import { summaryOf } from "./history-summary.ts";
import { useHistory } from "./use-history.ts";

export function HistoryTab({ page }: { readonly page: DevicePage }) {
  const metric = queryPart("metric") ?? firstMetric(page);
  const { problem: rangeProblem, range } = rangeOf(queryPart);
  const { again, history, problem } = useHistory(page.row.key, metric, range);
  if (metric === undefined)
    return (
      <EmptyPanel title="It has not told a value yet, so there is no history." icon="chart">
        <a href={hrefWith({ tab: "events" })}>See what it said</a>
      </EmptyPanel>
    );
  return (
    <section class="device-history" aria-label={`History of ${metric}`}>
      <HistoryPicker page={page} metric={metric} range={range} />
      {rangeProblem && (
        <p class="device-history-problem" role="status">
          {rangeProblem}.
        </p>
      )}
      {problem && <ErrorPanel problem={problem} again={again} />}
      {history ? (
        <Shown history={history} />
      ) : (
        !problem && <LoadingPanel what={`Reading the history of ${metric}`} />
      )}
    </section>
  );
}

/** The first number with a unit says most; then any number, then anything. */
function firstMetric({ values }: DevicePage): string | undefined {
  const numbers = values.filter(({ value }) => typeof value === "number");
  const first = numbers.find(({ unit }) => unitText(unit) !== "") ?? numbers[0] ?? values[0];
  return first?.name;
}

const sources = {
  database: "the time-series database",
  streams: "the streams of the backbone",
  buffer: "the buffer of this gateway",
} as const;

function Shown({ history }: { readonly history: History }) {
  const { notes, reachesBackToMs, source, stepMs, unit } = history;
  const hasValues = history.mean.some((value) => value !== null);
  return (
    <>
      <p class="soft" role="status">
        {summaryOf(history, (value) => quantityText(value, unit))}.
      </p>
      {hasValues ? (
        <HistoryChart history={history} />
      ) : (
        history.texts.length === 0 && (
          <EmptyPanel title="Nothing was measured in this range." icon="chart">
            <a class="button" href={hrefWith({ range: "7d", from: undefined, to: undefined })}>
              Show the last 7 days
            </a>
          </EmptyPanel>
        )
      )}
      <Texts history={history} />
      <Episodes history={history} />
      {history.late.length > 0 && <p class="soft">A value with a circle around it came late.</p>}
      <p class="soft">
        Read from {sources[source]}
        {reachesBackToMs !== null && (
          <>
            , back to <Moment atMs={reachesBackToMs} show="both" />
          </>
        )}
        {stepMs > 0
          ? `; each point is ${spanText(stepMs)}, drawn from its least to its most.`
          : "."}
      </p>
      {notes.length > 0 && (
        <ul class="device-history-notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** So many are listed; of more, the last ones. */
const mostListed = 100;

function Texts({ history: { texts, toMs } }: { readonly history: History }) {
  if (texts.length === 0) return null;
  const left = Math.max(0, texts.length - mostListed);
  return (
    <>
      {left > 0 && <p class="soft">The last {mostListed} changes:</p>}
      <ol class="device-history-texts" aria-label="What it was from when">
        {texts.slice(left).map(({ atMs, value }, index) => (
          <li key={atMs}>
            <Moment atMs={atMs} show="clock" /> <bdi>{value}</bdi>{" "}
            <span class="faint">
              for {spanText((texts[left + index + 1]?.atMs ?? toMs) - atMs)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Episodes({ history: { episodes } }: { readonly history: History }) {
  if (episodes.length === 0) return null;
  const shown = episodes.slice(-mostListed);
  return (
    <>
      {shown.length < episodes.length && <p class="soft">The last {mostListed} alerts:</p>}
      <ul class="device-history-episodes" aria-label="Alerts in this range">
        {shown.map(({ endedMs, instance, rule, severity, startedMs }) => (
          <li key={`${instance} ${startedMs}`}>
            <SeverityPill severity={severity} isPlain />{" "}
            <a href={`/alerts/${encodeURIComponent(instance)}`}>{rule}</a> from{" "}
            <Moment atMs={startedMs} show="clock" />{" "}
            {endedMs === null ? (
              "until now"
            ) : (
              <>
                to <Moment atMs={endedMs} show="clock" />{" "}
                <span class="faint">({spanText(endedMs - startedMs)})</span>
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
