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
import type { Draft } from "./commands-tab.tsx";
import { dryRun, type Order } from "./send-command.ts";
import { SendDialog } from "./send-dialog.tsx";

interface CommandFormProps {
  readonly page: DevicePage;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
}

type Outcome = { readonly said: DryRun } | { readonly problem: Problem };

export function CommandForm({ draft, onDraft, page }: CommandFormProps) {
  const { commands, row } = page;
  const form = useRef<HTMLFormElement>(null);
  const [areFaultsShown, setFaultsShown] = useState(false);
  const [order, setOrder] = useState<Order>();
  const [outcome, setOutcome] = useState<Outcome>();
  const id = useId();
  const command = commands.find(({ name }) => name === draft.name) ?? commands[0];
  if (!command) return null;

  const { faults, values } = readTyped(command.params, draft.typed);
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
  const draftOf = (name: string, typed: Typed): void => {
    setOutcome(undefined);
    onDraft({ name, typed });
  };
  return (
    <form
      ref={form}
      id="send"
      class="card command-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setOrder(orderNow());
      }}
    >
      <h2>Send a command</h2>
      <div class="command-fields">
        <div class="field">
          <label for={id}>Command</label>
          <select
            id={id}
            value={command.name}
            onChange={({ currentTarget }) => {
              setFaultsShown(false);
              draftOf(currentTarget.value, new Map());
            }}
          >
            {commands.map(({ dangerous, name }) => (
              <option key={name} value={name}>
                {dangerous ? `${name} (dangerous)` : name}
              </option>
            ))}
          </select>
        </div>
        {command.params.map((param) => (
          <ParamField
            key={param.name}
            param={param}
            typed={draft.typed}
            fault={areFaultsShown ? faults.get(param.name) : undefined}
            onTyped={(typed) => draftOf(command.name, typed)}
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
