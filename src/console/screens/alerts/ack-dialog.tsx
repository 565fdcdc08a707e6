/** Says that alerts were seen: of one, or of several with one comment. */
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { EventMade } from "../../../api/shapes/parts.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { type Answer, tell } from "../../state/ask.ts";
import { nameOf } from "./alert-words.ts";
import { bulkWords } from "./bulk-outcome.ts";
import { verbWords } from "./verbs.ts";

interface AckDialogProps {
  readonly rows: readonly AlertRow[];
  /** They were acknowledged, as far as they could be. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** What became of several. */
interface ManyDone {
  readonly done: readonly (EventMade & { readonly instance: string })[];
  readonly refused: readonly { readonly instance: string; readonly title: string }[];
}

const mostNamed = 5;

export function AckDialog({ rows, onDone, onClose }: AckDialogProps) {
  const [first] = rows;
  const isOne = rows.length === 1 && first !== undefined;
  const act = (reason: string): Promise<Answer<ManyDone>> => {
    const said = reason === "" ? {} : { reason };
    return isOne
      ? ackOne(first.instance, said)
      : tell("/alerts/ack", { ...said, instances: rows.map(({ instance }) => instance) });
  };
  return (
    <ActionDialog<ManyDone>
      title={isOne ? `Acknowledge ${nameOf(first)}` : `Acknowledge ${rows.length} alerts`}
      says={
        <>
          <p>{verbWords.ack.says}</p>
          {!isOne && (
            <ul class="alerts-named">
              {rows.slice(0, mostNamed).map((row) => (
                <li key={row.instance}>{nameOf(row)}</li>
              ))}
              {rows.length > mostNamed && <li>and {rows.length - mostNamed} more</li>}
            </ul>
          )}
        </>
      }
      verb={isOne ? "Acknowledge" : `Acknowledge ${rows.length}`}
      reason="optional"
      act={act}
      done={(many) => {
        onDone();
        return doneText(many, rows);
      }}
      onClose={onClose}
    />
  );
}

async function ackOne(instance: string, said: object): Promise<Answer<ManyDone>> {
  const answer = await tell<EventMade>(`/alerts/${encodeURIComponent(instance)}/ack`, said);
  if (!answer.ok) return answer;
  return { ok: true, value: { done: [{ ...answer.value, instance }], refused: [] } };
}

function doneText({ done, refused }: ManyDone, rows: readonly AlertRow[]): string {
  const names = new Map(rows.map((row) => [row.instance, nameOf(row)]));
  const nameFor = (instance: string): string => names.get(instance) ?? instance;
  const outcomes = [
    ...done.map(({ instance }) => ({ name: nameFor(instance), refused: null })),
    ...refused.map(({ instance, title }) => ({ name: nameFor(instance), refused: title })),
  ];
  const [one] = done;
  if (one && outcomes.length === 1)
    return `${nameFor(one.instance)} acknowledged; event ${one.event}`;
  const words = bulkWords(outcomes, "acknowledged");
  return [words.head, ...words.refused.slice(0, mostNamed)].join("; ");
}
