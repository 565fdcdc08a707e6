/** Makes a topic known: what would be written is shown before it is. */
import { useEffect, useState } from "preact/hooks";
import type { Acceptance, UnreadPage } from "../../../api/shapes/device.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { Field } from "../../parts/field.tsx";
import { ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { type Answer, tell } from "../../state/ask.ts";

interface AcceptDialogProps {
  readonly topic: UnreadPage["topics"][number];
  readonly onAccepted: () => void;
  readonly onClose: () => void;
}

export function AcceptDialog({ onAccepted, onClose, topic }: AcceptDialogProps) {
  const [profile, setProfile] = useState("");
  const [ahead, setAhead] = useState<Answer<Acceptance>>();
  const body = { topic: topic.topic, ...(profile !== "" && { profile }) };

  useEffect(() => {
    let isGone = false;
    setAhead(undefined);
    void tell<Acceptance>("/devices/accept", { ...body, dry: true }).then((answer) => {
      if (!isGone) setAhead(answer);
    });
    return () => {
      isGone = true;
    };
  }, [profile, topic.topic]);

  return (
    <ActionDialog<Acceptance>
      title={`Accept ${topic.topic}`}
      verb="Write and reload"
      says="The gateway writes this into its files and reads them again. What comes on the topic from then on is read."
      act={() => tell("/devices/accept", { ...body, dry: false })}
      done={(made) => {
        onAccepted();
        return doneText(topic.topic, made);
      }}
      onClose={onClose}
    >
      <Field
        label="Profile (may be left out)"
        hint={`Left out, it is one that reads all of it, else a new one. ${
          topic.suggested === null ? "Or name" : `Or write ${topic.suggested}, or name`
        } a new one, such as acme/probe.`}
      >
        {(input) => (
          <input
            {...input}
            autocomplete="off"
            spellcheck={false}
            maxLength={96}
            onChange={({ currentTarget }) => setProfile(currentTarget.value.trim())}
          />
        )}
      </Field>
      {ahead === undefined ? (
        <LoadingPanel what="Working out what would be written" />
      ) : ahead.ok ? (
        <Plan plan={ahead.value} />
      ) : (
        <ErrorPanel problem={ahead.problem} />
      )}
    </ActionDialog>
  );
}

function Plan({ plan }: { readonly plan: Acceptance }) {
  return (
    <div class="unread-plan">
      {plan.writes.map(({ file, text }) => (
        <figure key={file}>
          <figcaption>
            Writes <code>{file}</code>
          </figcaption>
          <pre>{text}</pre>
        </figure>
      ))}
      <ul>
        {plan.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}

/** What was written, and what made it known. */
function doneText(topic: string, { made, profile, writes }: Acceptance): string {
  const files = writes.map(({ file }) => file).join(", ");
  const event = made === null ? "" : `; event ${made.event}`;
  return writes.length === 0
    ? `Nothing could be written: ${profile} does not read ${topic} yet`
    : `Wrote ${files}: ${profile} reads ${topic}${event}`;
}
