/**
 * Asks before something is done: it says what will happen, takes a reason where one is wanted, has it
 * done, and says what was done with the id of the event that it made.
 */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Problem } from "../../api/problem.ts";
import type { Answer } from "../state/ask.ts";
import { toast } from "../state/toasts.ts";
import { Dialog } from "./dialog.tsx";
import { Field, focusFirstWrong } from "./field.tsx";
import { ErrorPanel } from "./panels.tsx";

interface ActionDialogProps<T> {
  /** `Acknowledge FreezerWarm of freezer-07`. */
  readonly title: string;
  /** A sentence or two: what it will do. */
  readonly says: ComponentChildren;
  /** On the button: `Acknowledge`. */
  readonly verb: string;
  readonly reason?: "none" | "optional" | "required";
  /** It loses something, or moves a machine. */
  readonly isDangerous?: boolean;
  /** What has to be typed before it is done, such as the name of a device. */
  readonly typed?: string;
  readonly act: (reason: string) => Promise<Answer<T>>;
  /** `Acknowledged by ana; event 01J…`. */
  readonly done: (value: T) => string;
  readonly onClose: () => void;
  /** Further fields. */
  readonly children?: ComponentChildren;
}

export function ActionDialog<T>(props: ActionDialogProps<T>) {
  const { act, children, done, isDangerous, onClose, reason = "none", says, typed, verb } = props;
  const form = useRef<HTMLFormElement>(null);
  const [why, setWhy] = useState("");
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState<"reason" | "name">();
  const [problem, setProblem] = useState<Problem>();
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const fault = faultIn(reason, why, typed, name);
    setWrong(fault);
    if (fault) return focusFirstWrong(form.current);
    setBusy(true);
    const answer = await act(why.trim());
    setBusy(false);
    if (!answer.ok) return setProblem(answer.problem);
    toast(done(answer.value));
    onClose();
  };

  return (
    <Dialog title={props.title} onClose={onClose}>
      <form ref={form} class="form" noValidate onSubmit={submit}>
        <div>{says}</div>
        {children}
        {reason !== "none" && (
          <Field
            label={reason === "required" ? "Reason" : "Comment (may be left out)"}
            hint="Others read it beside what you did."
            error={wrong === "reason" ? "Write why: others will ask." : undefined}
          >
            {(input) => (
              <textarea
                {...input}
                rows={2}
                maxLength={500}
                value={why}
                required={reason === "required"}
                onInput={({ currentTarget }) => setWhy(currentTarget.value)}
              />
            )}
          </Field>
        )}
        {typed !== undefined && (
          <Field
            label={`To go on, type ${typed}`}
            error={wrong === "name" ? `Type ${typed}, as it is written here.` : undefined}
          >
            {(input) => (
              <input
                {...input}
                autocomplete="off"
                spellcheck={false}
                value={name}
                onInput={({ currentTarget }) => setName(currentTarget.value)}
              />
            )}
          </Field>
        )}
        {problem && <ErrorPanel problem={problem} />}
        <div class="actions form-end">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class={isDangerous ? "button button-danger" : "button button-main"}
            disabled={isBusy}
          >
            {verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function faultIn(
  reason: "none" | "optional" | "required",
  why: string,
  typed: string | undefined,
  name: string,
): "reason" | "name" | undefined {
  if (reason === "required" && why.trim() === "") return "reason";
  return typed !== undefined && name.trim() !== typed ? "name" : undefined;
}
