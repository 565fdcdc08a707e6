/** Who did what, or was refused. */
import { useEffect, useState } from "preact/hooks";
import type { AuditEntry, AuditPage } from "../../../api/shapes/system.ts";
import { Moment } from "../../parts/moment.tsx";
import { Pill } from "../../parts/pill.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { ask } from "../../state/ask.ts";
import { toast } from "../../state/toasts.ts";
import { useAnswer } from "../../state/use-answer.ts";
import { AskedPart } from "./asked-part.tsx";

const outcomes = {
  done: { word: "done", icon: "check", tone: "normal" },
  refused: { word: "refused", icon: "blocked", tone: "warning" },
  failed: { word: "failed", icon: "error", tone: "warning" },
} as const;

export function AuditTab() {
  const asked = useAnswer<AuditPage>("/audit");
  const [older, setOlder] = useState<AuditPage>();
  useEffect(() => setOlder(undefined), [asked.value]);
  return (
    <AskedPart asked={asked} what="what people did">
      {(newest) => {
        const entries = [...newest.entries, ...(older?.entries ?? [])];
        const last = entries.at(-1);
        const isMore = (older ?? newest).more && last !== undefined;
        if (entries.length === 0)
          return <p class="soft">Nobody has done anything by the page or the interface yet.</p>;
        return (
          <>
            <Entries entries={entries} />
            {isMore && (
              <button
                type="button"
                class="button system-more"
                onClick={() => void loadOlder(last.id, older, setOlder)}
              >
                Show older ones
              </button>
            )}
          </>
        );
      }}
    </AskedPart>
  );
}

async function loadOlder(
  before: string,
  older: AuditPage | undefined,
  show: (page: AuditPage) => void,
): Promise<void> {
  const answer = await ask<AuditPage>("/audit", { before });
  if (!answer.ok) return toast(answer.problem.title, { isFailure: true });
  const { entries, more } = answer.value;
  show({ entries: [...(older?.entries ?? []), ...entries], more });
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <PlainTable
      label="Who did what"
      heads={["When", "Who", "From", "What", "To what", "Outcome"]}
      rows={entries}
      keyOf={({ id }) => id}
      cells={(entry) => [
        <Moment atMs={entry.atMs} show="clock" />,
        entry.by,
        entry.from ?? "–",
        entry.action,
        entry.target ?? "–",
        <>
          <Pill {...outcomes[entry.outcome]} isPlain />
          {entry.text !== null && <span class="system-small">{entry.text}</span>}
        </>,
      ]}
    />
  );
}
