/** One plan, and the form that runs it. */
import { useRef, useState } from "preact/hooks";
import type { PlanList, PlanOutline, RunMade } from "../../../api/shapes/command.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { focusFirstWrong } from "../../parts/field.tsx";
import { ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { ParamField } from "../../parts/param-field.tsx";
import { readTyped, type Typed } from "../../parts/typed-params.ts";
import { type Answer, tell } from "../../state/ask.ts";
import { may } from "../../state/session.ts";

export function PlanForm({ plan }: { readonly plan: PlanList["plans"][number] }) {
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState<Typed>(new Map());
  const [areFaultsShown, setFaultsShown] = useState(false);
  const [outline, setOutline] = useState<Answer<PlanOutline>>();
  const [isOpen, setOpen] = useState(false);
  const { faults, values } = readTyped(plan.params, typed);
  const ask = (event: Event): void => {
    event.preventDefault();
    setFaultsShown(true);
    if (faults.size > 0) {
      focusFirstWrong(form.current);
      return;
    }
    setOutline(undefined);
    setOpen(true);
    void tell<PlanOutline>("/plans/outline", { plan: plan.name, params: values }).then(setOutline);
  };
  return (
    <form ref={form} class="plans-form" noValidate aria-label={plan.name} onSubmit={ask}>
      <h3>
        <bdi>{plan.name}</bdi>
      </h3>
      {plan.summary !== null && <p class="soft">{plan.summary}</p>}
      {may("operator") && (
        <div class="plans-fields">
          {plan.params.map((param) => (
            <ParamField
              key={param.name}
              param={param}
              typed={typed}
              fault={areFaultsShown ? faults.get(param.name) : undefined}
              onTyped={setTyped}
            />
          ))}
          <button type="submit" class={plan.dangerous ? "button button-danger" : "button"}>
            Run…
          </button>
        </div>
      )}
      {isOpen && (
        <ActionDialog<RunMade>
          title={`Run ${plan.name}`}
          verb="Run"
          reason="optional"
          isDangerous={plan.dangerous}
          {...(plan.dangerous && { typed: plan.name })}
          says="These commands are given one after another. Where one fails, what was done before is taken back."
          act={(reason) =>
            tell("/plans", {
              ...{ plan: plan.name, params: values },
              ...(plan.dangerous && { confirm: plan.name }),
              ...(reason !== "" && { reason }),
            })
          }
          done={({ event, run }) => `Run ${run} of ${plan.name} is asked for; event ${event}`}
          onClose={() => setOpen(false)}
        >
          {outline === undefined ? (
            <LoadingPanel what="Working out its steps" />
          ) : outline.ok ? (
            <Outline outline={outline.value} />
          ) : (
            <ErrorPanel problem={outline.problem} />
          )}
        </ActionDialog>
      )}
    </form>
  );
}

function Outline({ outline: { refused, steps } }: { readonly outline: PlanOutline }) {
  return (
    <>
      {refused !== null && <p role="alert">It would be refused: {refused}.</p>}
      <ol class="plans-outline">
        {steps.map(({ undo, what }, index) => (
          <li key={index}>
            {what}
            {undo !== null && <span class="soft"> (taken back by {undo})</span>}
          </li>
        ))}
      </ol>
    </>
  );
}
