/** Puts an alert on the shelf: for how long, and why. */
import { useState } from "preact/hooks";
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { EventMade } from "../../../api/shapes/parts.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { type Answer, tell } from "../../state/ask.ts";
import { nameOf } from "./alert-words.ts";
import { type ShelfChoice, shelfChoices, shelfTimeOf, shelfWords } from "./shelf-times.ts";
import { verbWords } from "./verbs.ts";

interface ShelveDialogProps {
  readonly row: AlertRow;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function ShelveDialog({ row, onDone, onClose }: ShelveDialogProps) {
  const [choice, setChoice] = useState<ShelfChoice>("15m");
  const [custom, setCustom] = useState("");
  const [wrong, setWrong] = useState<string>();
  const act = async (reason: string): Promise<Answer<EventMade>> => {
    const time = shelfTimeOf(choice, custom);
    setWrong(typeof time === "string" ? time : undefined);
    if (typeof time === "string")
      return {
        ok: false,
        problem: { status: 0, code: "form.time", title: "this is no time", advice: time },
      };
    return tell<EventMade>(`/alerts/${encodeURIComponent(row.instance)}/shelve`, {
      ...time,
      reason,
    });
  };
  return (
    <ActionDialog<EventMade>
      title={`Shelve ${nameOf(row)}`}
      says={<p>{verbWords.shelve.says}</p>}
      verb="Shelve"
      reason="required"
      act={act}
      done={({ event }) => {
        onDone();
        return `${nameOf(row)} shelved; event ${event}`;
      }}
      onClose={onClose}
    >
      <fieldset class="alerts-times">
        <legend>For how long</legend>
        {shelfChoices.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="shelf-time"
              checked={one === choice}
              onChange={() => setChoice(one)}
            />
            {shelfWords[one]}
          </label>
        ))}
      </fieldset>
      {choice === "custom" && (
        <Field label="Time" hint="A number and m, h or d, such as 45m or 8h." error={wrong}>
          {(input) => (
            <input
              {...input}
              value={custom}
              autocomplete="off"
              onInput={({ currentTarget }) => setCustom(currentTarget.value)}
            />
          )}
        </Field>
      )}
    </ActionDialog>
  );
}
