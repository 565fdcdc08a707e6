/** The messages of a group, each with its bytes and why it did not fit. */
import { useEffect } from "preact/hooks";
import { ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { useAnswer } from "../../state/use-answer.ts";
import { Letter } from "./letter.tsx";
import type { Letters } from "./letters.ts";

const mostShown = 50;

interface GroupMessagesProps {
  readonly group: string;
  /** Of the last message: it is asked again when another one comes. */
  readonly lastMs: number;
}

export function GroupMessages({ group, lastMs }: GroupMessagesProps) {
  const path = `/dead-letters/${encodeURIComponent(group)}`;
  const { again, problem, value } = useAnswer<Letters>(path, { limit: mostShown });
  useEffect(() => {
    if (value) again();
  }, [lastMs]);
  if (problem && !value) return <ErrorPanel problem={problem} again={again} />;
  if (!value) return <LoadingPanel what="Looking for the messages" />;
  return (
    <ol class="dead-letters-messages">
      {value.messages.map((letter) => (
        <li key={letter.id}>
          <Letter group={group} letter={letter} />
        </li>
      ))}
      {value.messages.length === mostShown && (
        <li class="soft">These are the first {mostShown}; what is done above is done to all.</li>
      )}
      {!value.complete && <li class="soft">Older ones are out of reach now.</li>}
    </ol>
  );
}
