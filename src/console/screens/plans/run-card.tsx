/** One run of a plan: its steps, what took them back, and what somebody can do about it. */
import { useState } from "preact/hooks";
import type { PlanRunRow, RunMade } from "../../../api/shapes/command.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { Moment } from "../../parts/moment.tsx";
import { Pill } from "../../parts/pill.tsx";
import { tell } from "../../state/ask.ts";
import { hrefWith } from "../../state/place.ts";
import { may } from "../../state/session.ts";
import { placeText, runSaying, stepIcon, stepTone } from "./plan-words.ts";

interface RunCardProps {
  readonly row: PlanRunRow;
  /** Its steps are shown from the beginning on. */
  readonly isOpen: boolean;
}

export function RunCard({ isOpen, row }: RunCardProps) {
  const { icon, means, tone, word } = runSaying(row);
  const place = placeText(row);
  const [wasOpen] = useState(isOpen);
  return (
    <article class="card plans-run-card" aria-label={`${row.plan}, ${word}`}>
      <div class="plans-run-head">
        <h3>
          <bdi>{row.plan}</bdi>
        </h3>
        <Pill word={word} icon={icon} tone={tone} title={means || undefined} />
        {place !== undefined && <span class="soft">{place}</span>}
        {may("operator") && <RunActions row={row} />}
      </div>
      {row.text !== null && <p class="plans-run-text">{row.text}</p>}
      <p class="soft">
        Asked for by <bdi>{row.by}</bdi> <Moment atMs={row.startedMs} show="both" />, last change{" "}
        <Moment atMs={row.changedMs} show="both" />, site <bdi>{row.site}</bdi>.{" "}
        <a href={hrefWith({ run: row.run })}>{row.run}</a>
      </p>
      <details open={wasOpen}>
        <summary>{row.steps.length} steps</summary>
        <p class="soft">{means}</p>
        <ol class="plans-run-steps">
          {row.steps.map(({ command, isCompensation, name, state, text, what }) => (
            <li key={name} class={isCompensation ? "plans-run-undo" : undefined}>
              <span>
                {isCompensation && <span class="soft">taken back by </span>}
                {what}
              </span>{" "}
              <Pill word={state} icon={stepIcon(state)} tone={stepTone(state)} isPlain />
              {text !== null && <span class="plans-run-text"> {text}</span>}
              {command !== null && <code class="faint"> {command}</code>}
            </li>
          ))}
        </ol>
      </details>
    </article>
  );
}

function RunActions({ row }: { readonly row: PlanRunRow }) {
  const [open, setOpen] = useState<"cancel" | "settle">();
  const close = (): void => setOpen(undefined);
  const path = `/plans/${encodeURIComponent(row.run)}`;
  return (
    <div class="actions">
      {(row.state === "requested" || row.state === "running") && (
        <button type="button" class="button button-small" onClick={() => setOpen("cancel")}>
          Cancel
        </button>
      )}
      {row.state === "stuck" && !row.isFinal && (
        <button type="button" class="button button-small" onClick={() => setOpen("settle")}>
          Settle
        </button>
      )}
      {open === "cancel" && (
        <ActionDialog<RunMade>
          title={`Cancel the run of ${row.plan}`}
          verb="Cancel the run"
          reason="optional"
          isDangerous
          says="Nothing further is done, and what was done is taken back, the last step first."
          act={(reason) => tell(`${path}/cancel`, reason === "" ? {} : { reason })}
          done={({ event }) => `The run of ${row.plan} turns back; event ${event}`}
          onClose={close}
        />
      )}
      {open === "settle" && (
        <ActionDialog<RunMade>
          title={`Settle the run of ${row.plan}`}
          verb="Settle"
          reason="required"
          says="See to its devices first. Then the run ends as it is, and its alert ends: nothing further is sent."
          act={(reason) => tell(`${path}/settle`, { reason })}
          done={({ event }) => `The run of ${row.plan} is settled; event ${event}`}
          onClose={close}
        />
      )}
    </div>
  );
}
