/** Everything about one alert, beside the list or in its place. */
import { useEffect } from "preact/hooks";
import type { AlertPage, AlertRow } from "../../../api/shapes/alert.ts";
import { Icon } from "../../parts/icon.tsx";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { SeverityPill } from "../../parts/pill.tsx";
import { useKey } from "../../state/keys.ts";
import { nowMs } from "../../state/now.ts";
import { goTo, place } from "../../state/place.ts";
import { may } from "../../state/session.ts";
import { useAnswer } from "../../state/use-answer.ts";
import { AlertChart } from "./alert-chart.tsx";
import { AlertMore } from "./alert-more.tsx";
import { AlertStory } from "./alert-story.tsx";
import { conditionWords, handlingWords, lateWords, nameOf, valueWords } from "./alert-words.ts";
import { knownVerbs, type Verb, verbWords } from "./verbs.ts";
import "./alerts-details.css";

interface AlertDetailsProps {
  readonly instance: string;
  /** As it comes live; undefined where it is normal, or not known. */
  readonly row: AlertRow | undefined;
  readonly onVerb: (verb: Verb, row: AlertRow) => void;
}

export function AlertDetails({ instance, row, onVerb }: AlertDetailsProps) {
  const { again, problem, value } = useAnswer<AlertPage>(`/alerts/${encodeURIComponent(instance)}`);
  useEffect(() => {
    if (value) again();
  }, [row]);
  const back = `/alerts${place.value.query}`;
  useKey("Escape", "Back to the list", () => goTo(back));
  const shown = row ?? value?.row;
  return (
    <section class="card alerts-details" aria-label={shown ? `Alert ${nameOf(shown)}` : "Alert"}>
      <a
        class="button button-plain alerts-close"
        href={back}
        aria-label="Close and go back to the list"
      >
        <Icon name="close" />
      </a>
      {shown && <Head row={shown} />}
      {value && value.runbookUrl !== null && (
        <p>
          What to do:{" "}
          <a href={value.runbookUrl} target="_blank" rel="noreferrer">
            {value.runbookUrl}
          </a>
        </p>
      )}
      {shown && value && (
        <div class="actions">
          {knownVerbs(value.verbs)
            .filter((verb) => may(verbWords[verb].needs))
            .map((verb) => (
              <button
                key={verb}
                type="button"
                class={verb === "ack" ? "button button-main" : "button"}
                onClick={() => onVerb(verb, shown)}
              >
                {verbWords[verb].word}
              </button>
            ))}
        </div>
      )}
      {!value && !problem && <LoadingPanel what="Looking for its story" />}
      {problem?.status === 404 && !value ? (
        <EmptyPanel title="No alert with this id is known here." icon="search">
          <a href={back}>Go back to the list</a>
        </EmptyPanel>
      ) : (
        problem && <ErrorPanel problem={problem} again={again} />
      )}
      {value?.chart && <AlertChart chart={value.chart} row={shown ?? value.row} />}
      {value && <AlertStory story={value.story} deliveries={value.deliveries} />}
      {value && <AlertMore page={value} />}
    </section>
  );
}

function Head({ row }: { readonly row: AlertRow }) {
  const now = nowMs.value;
  const late = lateWords(row, now);
  return (
    <header class="alerts-details-head">
      <SeverityPill severity={row.severity} />
      <h2>
        <bdi>{nameOf(row)}</bdi>
      </h2>
      <p>
        <bdi>{valueWords(row)}</bdi>
        {row.value !== null && <span class="soft"> when it last changed</span>}
      </p>
      {row.value !== null && (
        <p>
          <bdi>{row.summary}</bdi>
        </p>
      )}
      <p class="soft">
        {conditionWords(row, now)} · {handlingWords(row, now)}
      </p>
      {late !== null && <p class="alerts-late">{late}</p>}
      <p class="soft">
        {row.deviceKey === null ? (
          (row.device ?? row.gateway)
        ) : (
          <a href={`/devices/${encodeURIComponent(row.deviceKey)}`}>{row.device}</a>
        )}{" "}
        · {row.site} · judged at {row.judgedAt === "hub" ? "the hub" : "its gateway"}
      </p>
    </header>
  );
}
