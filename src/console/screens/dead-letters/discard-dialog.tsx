/** Says of a group that its messages are of no use, and why. */
import type { DeadLetterGroup, DiscardOutcome } from "../../../api/shapes/dead-letter.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { tell } from "../../state/ask.ts";

interface DiscardDialogProps {
  readonly group: DeadLetterGroup;
  readonly onClose: () => void;
}

export function DiscardDialog({ group: { key, messages, reason }, onClose }: DiscardDialogProps) {
  return (
    <ActionDialog<DiscardOutcome>
      title={messages === 1 ? "Discard 1 message" : `Discard ${messages} messages`}
      says={
        <>
          <p>
            <q>{reason}</q>
          </p>
          <p>
            They leave this list and are not read again. The stream keeps them as long as it keeps
            everything, with who discarded them and why.
          </p>
        </>
      }
      verb="Discard"
      reason="required"
      isDangerous
      act={(why) => tell(`/dead-letters/${encodeURIComponent(key)}/discard`, { reason: why })}
      done={({ discarded, made, more }) =>
        `${discarded} discarded${more ? "; there are more: do it again for the next ones" : ""}${made ? `; event ${made.event}` : ""}`
      }
      onClose={onClose}
    />
  );
}
