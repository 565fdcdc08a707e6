/** Plans: several commands in an order, and what takes each back. Those there are, and their runs. */
import { useMemo } from "preact/hooks";
import type { PlanList, PlanRunRow } from "../../../api/shapes/command.ts";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { useTopic } from "../../state/live.ts";
import { queryPart } from "../../state/place.ts";
import { useAnswer } from "../../state/use-answer.ts";
import { PlanForm } from "./plan-form.tsx";
import { byNeed } from "./plan-words.ts";
import { RunCard } from "./run-card.tsx";
import "./plans.css";

export default function PlansScreen() {
  const { again, problem, value } = useAnswer<PlanList>("/plans");
  const live = useTopic<PlanRunRow>("plans").rows;
  const runs = useMemo(() => {
    const known = new Map(value?.runs.map((row) => [row.run, row]));
    for (const row of live.values()) known.set(row.run, row);
    return [...known.values()].sort(byNeed);
  }, [value, live]);
  const wanted = queryPart("run");
  const shown = wanted === undefined ? runs : runs.filter(({ run }) => run === wanted);
  return (
    <>
      <div class="screen-head">
        <h1>Plans</h1>
        {wanted !== undefined && (
          <div class="actions">
            <a class="button" href="/plans">
              All runs
            </a>
          </div>
        )}
      </div>
      {problem && <ErrorPanel problem={problem} again={again} />}
      {!value && !problem && <LoadingPanel what="Loading plans" />}
      {value && wanted === undefined && <Plans plans={value.plans} />}
      {value && (
        <section class="plans-runs" aria-labelledby="runs">
          <h2 id="runs">Runs</h2>
          {shown.length === 0 && (
            <EmptyPanel
              title={
                wanted === undefined ? "No plan was run yet." : `No run ${wanted} is known here.`
              }
              icon="plans"
            >
              {wanted !== undefined && <a href="/plans">All runs</a>}
            </EmptyPanel>
          )}
          <ol>
            {shown.map((row) => (
              <li key={row.run}>
                <RunCard row={row} isOpen={!row.isFinal || row.run === wanted} />
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Plans({ plans }: { readonly plans: PlanList["plans"] }) {
  if (plans.length === 0)
    return (
      <EmptyPanel title="No plan is written yet." icon="plans">
        <p>
          A plan is a file that <code>plans.files</code> of the configuration names: its steps are
          commands to devices, each with what takes it back. Where it is written, it is here to be
          run.
        </p>
      </EmptyPanel>
    );
  return (
    <section class="plans-known" aria-labelledby="plans">
      <h2 id="plans">Those that can be run</h2>
      <ul>
        {plans.map((plan) => (
          <li key={plan.name} class="card">
            <PlanForm plan={plan} />
          </li>
        ))}
      </ul>
    </section>
  );
}
