/** How much the alerts ask of people, in one line, with details to open. */
import { useEffect } from "preact/hooks";
import type { AlertFigures } from "../../../api/shapes/alert.ts";
import { shareText } from "../../parts/number-text.ts";
import { spanText } from "../../parts/time-text.ts";
import { useAnswer } from "../../state/use-answer.ts";
import { shortRule } from "./alert-groups.ts";

const askEveryMs = 30_000;

export function FiguresLine() {
  const { again, value } = useAnswer<AlertFigures>("/alerts/figures", { hours: 24 });
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && again(), askEveryMs);
    return () => clearInterval(timer);
  }, []);
  if (!value) return null;
  const { alerts, flapping, floodShare, meanAckMs, per10Min, standing, top } = value;
  const [first] = top;
  return (
    <details class="alerts-figures">
      <summary>
        Last 24 h: {alerts} {alerts === 1 ? "alert" : "alerts"}, {per10Min.toFixed(1)} in 10 min ·
        floods {shareText(floodShare)}
        {first && ` · most: ${shortRule(first.rule)} ${shareText(first.share)}`} · changing often{" "}
        {flapping} · standing {standing}
      </summary>
      <dl>
        <dt>In 10 minutes</dt>
        <dd>{per10Min.toFixed(2)} on average; one or less is what a person can handle well.</dd>
        <dt>Floods</dt>
        <dd>{shareText(floodShare)} of periods of 10 minutes had more than 10 alerts.</dd>
        <dt>Changing often</dt>
        <dd>{flapping} alerts came and went again and again: their rules want a deadband.</dd>
        <dt>Standing</dt>
        <dd>{standing} fire for more than 24 hours.</dd>
        <dt>Until acknowledged</dt>
        <dd>
          {meanAckMs === null ? "None was acknowledged." : `${spanText(meanAckMs)} on average.`}
        </dd>
        <dt>Those that fired most</dt>
        <dd>
          {top.length === 0 && "None fired."}
          <ol>
            {top.map(({ count, rule, share }) => (
              <li key={rule}>
                {shortRule(rule)}: {count} ({shareText(share)})
              </li>
            ))}
          </ol>
        </dd>
      </dl>
    </details>
  );
}
