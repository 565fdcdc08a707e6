/** Checks a configuration that is pasted; nothing is changed. */
import { useState } from "preact/hooks";
import { Field } from "../../parts/field.tsx";
import { ErrorPanel } from "../../parts/panels.tsx";
import { Pill } from "../../parts/pill.tsx";
import { type Answer, tell } from "../../state/ask.ts";
import { may } from "../../state/session.ts";

interface Checked {
  readonly faults: readonly { readonly place: string; readonly text: string }[];
}

export function CheckConfig() {
  const [text, setText] = useState("");
  const [answer, setAnswer] = useState<Answer<Checked>>();
  if (!may("operator")) return null;
  const check = async (event: Event): Promise<void> => {
    event.preventDefault();
    setAnswer(await tell<Checked>("/config/check", { text }));
  };
  return (
    <details class="system-check">
      <summary>Check a file before you use it</summary>
      <form class="form" onSubmit={check}>
        <Field
          label="Text of a sluicegate.yaml"
          hint="It is read and held against the options. Nothing is changed."
        >
          {(input) => (
            <textarea
              {...input}
              class="code"
              rows={12}
              spellcheck={false}
              value={text}
              onInput={({ currentTarget }) => setText(currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="button" disabled={text.trim() === ""}>
          Check it
        </button>
      </form>
      <div role="status">
        {answer?.ok === false && <ErrorPanel problem={answer.problem} />}
        {answer?.ok && answer.value.faults.length === 0 && (
          <p>
            <Pill word="right" icon="check" isPlain /> Every option is known and has a value that
            fits.
          </p>
        )}
        {answer?.ok && answer.value.faults.length > 0 && (
          <ul class="system-list">
            {answer.value.faults.map(({ place, text: fault }) => (
              <li key={`${place} ${fault}`}>
                <code>{place}</code> {fault}
              </li>
            ))}
          </ul>
        )}
      </div>
    </details>
  );
}
