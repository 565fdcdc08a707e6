/** Has all messages of a group read and stored as if they had fitted. */
import type { AgainOutcome, DeadLetterGroup } from "../../../api/shapes/dead-letter.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { tell } from "../../state/ask.ts";
import { againWords } from "./again-words.ts";

interface ReprocessDialogProps {
  readonly group: DeadLetterGroup;
  readonly onDone: (outcome: AgainOutcome) => void;
  readonly onClose: () => void;
}

export function ReprocessDialog({ group, onDone, onClose }: ReprocessDialogProps) {
  const { key, messages, reason } = group;
  return (
    <ActionDialog<AgainOutcome>
      title={messages === 1 ? "Process 1 message again" : `Process ${messages} messages again`}
      says={
        <>
          <p>
            <q>{reason}</q>
          </p>
          <p>
            Each is read with the profiles that are in force now, and stored with its own time where
            it fits. One that was stored before is not stored twice. What still does not fit stays
            here. The gateway goes on with it when this page is closed.
          </p>
        </>
      }
      verb="Re-process"
      act={() => tell(`/dead-letters/${encodeURIComponent(key)}/reprocess`)}
      done={(outcome) => {
        onDone(outcome);
        return againWords(outcome).head;
      }}
      onClose={onClose}
    />
  );
}
