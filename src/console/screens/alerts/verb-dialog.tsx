/** Asks before something is done to an alert, whatever it is. */
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { EventMade } from "../../../api/shapes/parts.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { tell } from "../../state/ask.ts";
import { AckDialog } from "./ack-dialog.tsx";
import { nameOf } from "./alert-words.ts";
import { ShelveDialog } from "./shelve-dialog.tsx";
import { type Verb, verbWords } from "./verbs.ts";

interface VerbDialogProps {
  readonly verb: Verb;
  /** Of `ack` several, of all others one. */
  readonly rows: readonly AlertRow[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function VerbDialog({ verb, rows, onDone, onClose }: VerbDialogProps) {
  const [row] = rows;
  if (!row) return null;
  if (verb === "ack") return <AckDialog rows={rows} onDone={onDone} onClose={onClose} />;
  if (verb === "shelve") return <ShelveDialog row={row} onDone={onDone} onClose={onClose} />;
  const { done, isDangerous, reason, says, word } = verbWords[verb];
  return (
    <ActionDialog<EventMade>
      title={`${word}: ${nameOf(row)}`}
      says={<p>{says}</p>}
      verb={word}
      reason={reason}
      isDangerous={isDangerous}
      act={(why) =>
        tell(
          `/alerts/${encodeURIComponent(row.instance)}/${verb}`,
          why === "" ? {} : { reason: why },
        )
      }
      done={({ event }) => {
        onDone();
        return `${nameOf(row)} ${done}; event ${event}`;
      }}
      onClose={onClose}
    />
  );
}
