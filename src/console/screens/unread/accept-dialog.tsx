/** Makes a topic known: what would be written is shown before it is. */
import { useEffect, useState } from "preact/hooks";
import type { Acceptance, UnreadPage } from "../../../api/shapes/device.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { type Answer, tell } from "../../state/ask.ts";

interface AcceptDialogProps {
  readonly topic: UnreadPage["topics"][number];
  readonly onAccepted: () => void;
  readonly onClose: () => void;
}

export function AcceptDialog({ onAccepted, onClose, topic }: AcceptDialogProps) {
  const { suggested } = topic;
  const [isNew, setNew] = useState(suggested === null);
  const [ahead, setAhead] = useState<Answer<Acceptance>>();
  const body = { topic: topic.topic, ...(!isNew && suggested !== null && { profile: suggested }) };

  useEffect(() => {
    let isGone = false;
    setAhead(undefined);
    void tell<Acceptance>("/devices/accept", { ...body, dry: true }).then((answer) => {
      if (!isGone) setAhead(answer);
    });
    return () => {
      isGone = true;
    };
  }, [isNew, topic.topic]);

  return (
    <ActionDialog<Acceptance>
      title={`Accept ${topic.topic}`}
      verb="Write and reload"
      says="The gateway writes its configuration, reads it again, and then reads this topic. What came before is read from the dead letters, where it was kept."
      act={() => tell("/devices/accept", { ...body, dry: false })}
      done={({ made, profile, writes }) => {
        onAccepted();
        const files = writes.map(({ file }) => file).join(", ");
        return `Wrote ${files}: ${profile} reads ${topic.topic}; event ${made?.event ?? "unknown"}`;
      }}
      onClose={onClose}
    >
      {suggested !== null && (
        <fieldset class="unread-choice">
          <legend>Read it by</legend>
          <label>
            <input type="radio" name="by" checked={!isNew} onChange={() => setNew(false)} />
            the profile <code>{suggested}</code>
          </label>
          <label>
            <input type="radio" name="by" checked={isNew} onChange={() => setNew(true)} />a new
            profile, made of its messages
          </label>
        </fieldset>
      )}
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
