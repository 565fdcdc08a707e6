/** What receivers of alerts were told, and what was given up. */
import { useState } from "preact/hooks";
import type { LetterRow, NoticesPage, ReceiverRow } from "../../../api/shapes/system.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";
import { PlainTable } from "../../parts/plain-table.tsx";
import { tell } from "../../state/ask.ts";
import { may } from "../../state/session.ts";
import { Trouble } from "./trouble.tsx";

interface NoticesProps {
  readonly page: NoticesPage;
  readonly again: () => void;
}

export function Notices({ page: { letters, more, receivers }, again }: NoticesProps) {
  const [wanted, setWanted] = useState<LetterRow>();
  if (receivers.length === 0) return <p class="soft">No receiver was told anything yet.</p>;
  return (
    <>
      <Receivers rows={receivers} />
      {letters.length > 0 && (
        <>
          <h2 class="system-title">Given up</h2>
          <Letters rows={letters} onResend={setWanted} />
          {more && <p class="soft">There are older ones.</p>}
        </>
      )}
      {wanted && (
        <ActionDialog<{ readonly told: boolean; readonly text: string }>
          title={`Tell ${wanted.receiver} of ${wanted.rule}`}
          says={<p>It is told once more, as the alert was then.</p>}
          verb="Tell it"
          act={() => tell(`/notices/${wanted.place}/resend`)}
          done={({ text }) => {
            again();
            return text;
          }}
          onClose={() => setWanted(undefined)}
        />
      )}
    </>
  );
}

function Receivers({ rows }: { readonly rows: readonly ReceiverRow[] }) {
  return (
    <PlainTable
      label="Receivers"
      heads={["Receiver", "Kind", "Delivered", "Waiting", "Given up", "Last", "State"]}
      rows={rows}
      keyOf={({ receiver }) => receiver}
      cells={(row) => [
        row.receiver,
        row.kind,
        countText(row.delivered),
        countText(row.waiting),
        countText(row.givenUp),
        row.lastMs === null ? "–" : <Moment atMs={row.lastMs} />,
        <Trouble trouble={row.trouble} />,
      ]}
    />
  );
}

interface LettersProps {
  readonly rows: readonly LetterRow[];
  readonly onResend: (row: LetterRow) => void;
}

function Letters({ rows, onResend }: LettersProps) {
  return (
    <PlainTable
      label="What was given up"
      heads={["Alert", "Receiver", "When", "Tries", "Why", "What to do"]}
      rows={rows}
      keyOf={({ place }) => `${place}`}
      cells={(row) => [
        <a href={`/alerts/${encodeURIComponent(row.instance)}`}>{row.rule}</a>,
        row.receiver,
        <Moment atMs={row.atMs} show="clock" />,
        countText(row.attempts),
        row.reason,
        may("operator") ? (
          <button type="button" class="button button-small" onClick={() => onResend(row)}>
            Tell it after all
          </button>
        ) : (
          ""
        ),
      ]}
    />
  );
}
