/** The form that a command is made with: its fields are those that the profile declares. */
import { useId, useRef, useState } from "preact/hooks";
import type { Problem } from "../../../api/problem.ts";
import type { DryRun } from "../../../api/shapes/command.ts";
import type { DevicePage } from "../../../api/shapes/device.ts";
import { focusFirstWrong } from "../../parts/field.tsx";
import { ErrorPanel } from "../../parts/panels.tsx";
import { ParamField } from "../../parts/param-field.tsx";
import { spanText } from "../../parts/time-text.ts";
import { readTyped, type Typed } from "../../parts/typed-params.ts";
import { dryRun, type Order } from "./send-command.ts";
import { SendDialog } from "./send-dialog.tsx";

type Outcome = { readonly said: DryRun } | { readonly problem: Problem };

export function CommandForm({ page }: { readonly page: DevicePage }) {
  const { commands, row } = page;
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState<string>();
  const [typed, setTyped] = useState<Typed>(new Map());
  const [areFaultsShown, setFaultsShown] = useState(false);
  const [order, setOrder] = useState<Order>();
  const [outcome, setOutcome] = useState<Outcome>();
  const id = useId();
  const command = commands.find((one) => one.name === name) ?? commands[0];
  if (!command) return null;

  const { faults, values } = readTyped(command.params, typed);
  /** What is to be sent; undefined where a field is wrong, which is then said. */
  const orderNow = (): Order | undefined => {
    setOutcome(undefined);
    setFaultsShown(true);
    if (faults.size === 0) return { device: row.key, name: command.name, params: values };
    focusFirstWrong(form.current);
    return undefined;
  };
  const tryIt = async (): Promise<void> => {
    const tried = orderNow();
    if (!tried) return;
    const answer = await dryRun(tried);
    setOutcome(answer.ok ? { said: answer.value } : { problem: answer.problem });
  };
  return (
    <form
      ref={form}
      class="card device-command-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setOrder(orderNow());
      }}
    >
      <h2>Send a command</h2>
      <div class="device-command-fields">
        <div class="field">
          <label for={id}>Command</label>
          <select
            id={id}
            value={command.name}
            onChange={({ currentTarget }) => {
              setName(currentTarget.value);
              setTyped(new Map());
              setFaultsShown(false);
              setOutcome(undefined);
            }}
          >
            {commands.map((one) => (
              <option key={one.name} value={one.name}>
                {one.dangerous ? `${one.name} (dangerous)` : one.name}
              </option>
            ))}
          </select>
        </div>
        {command.params.map((param) => (
          <ParamField
            key={param.name}
            param={param}
            typed={typed}
            fault={areFaultsShown ? faults.get(param.name) : undefined}
            onTyped={(next) => {
              setTyped(next);
              setOutcome(undefined);
            }}
          />
        ))}
      </div>
      <p class="soft">
        {command.summary}{" "}
        {command.timeoutMs === null
          ? "The device does not answer it."
          : `An answer is waited for ${spanText(command.timeoutMs)}.`}
      </p>
      <div class="actions">
        <button type="button" class="button" onClick={() => void tryIt()}>
          Dry run
        </button>
        <button
          type="submit"
          class={command.dangerous ? "button button-danger" : "button button-main"}
        >
          Send
        </button>
      </div>
      <div role="status">{outcome && <Tried outcome={outcome} />}</div>
      {order && (
        <SendDialog
          order={order}
          command={command}
          device={row.device}
          onClose={() => setOrder(undefined)}
        />
      )}
    </form>
  );
}

function Tried({ outcome }: { readonly outcome: Outcome }) {
  if ("problem" in outcome) return <ErrorPanel problem={outcome.problem} />;
  const { refused, sends } = outcome.said;
  if (refused !== null) return <p>It would be refused: {refused}. Nothing was sent.</p>;
  return (
    <>
      <p>Nothing was sent. This would leave:</p>
      <pre>{sends}</pre>
    </>
  );
}
