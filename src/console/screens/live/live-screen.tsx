/** What flows through this gateway, as it flows: filtered and sampled where it is, not here. */
import { useMemo, useRef, useState } from "preact/hooks";
import type { LiveCounts, LiveRow, LiveStage } from "../../../api/shapes/live.ts";
import { countText, rateText } from "../../parts/number-text.ts";
import { EmptyPanel } from "../../parts/panels.tsx";
import { SegmentLinks } from "../../parts/segment-links.tsx";
import { Table } from "../../parts/table.tsx";
import { useIsSeen } from "../../parts/use-is-seen.ts";
import { useKey } from "../../state/keys.ts";
import { useTopic } from "../../state/live.ts";
import { serverNowMs } from "../../state/now.ts";
import { queryPart } from "../../state/place.ts";
import { me } from "../../state/session.ts";
import { LiveActions, LiveFilter } from "./live-bar.tsx";
import { liveColumns } from "./live-columns.tsx";
import { LiveDialog } from "./live-dialog.tsx";
import { cleared, emptyRing, held, type LiveRing, withRows } from "./live-ring.ts";
import { savedLines, savedName } from "./saved-lines.ts";
import "./live.css";

const stages: readonly { readonly id: LiveStage; readonly word: string }[] = [
  { id: "normalized", word: "Normalized" },
  { id: "received", word: "Raw" },
  { id: "sent", word: "Sent" },
  { id: "late", word: "Late" },
  { id: "rejected", word: "Rejected" },
];

export default function LiveScreen() {
  const stage = stages.find(({ id }) => id === queryPart("stage"))?.id ?? "normalized";
  const filter = queryPart("filter") ?? "";
  const topic = `live:${stage}?${new URLSearchParams({ filter, per_s: queryPart("per_s") ?? "20" })}`;
  return (
    <>
      <div class="screen-head">
        <h1>Live</h1>
        <SegmentLinks label="Stage" name="stage" choices={stages} current={stage} />
      </div>
      {me.value?.gateway === null ? (
        <EmptyPanel title="This process runs no gateway, so nothing flows through it." icon="live">
          <p class="soft">Open the page of a gateway to see what it takes in and sends.</p>
        </EmptyPanel>
      ) : (
        // What another topic told is not of this one.
        <LiveOf key={topic} stage={stage} topic={topic} isFiltered={filter !== ""} />
      )}
    </>
  );
}

interface LiveOfProps {
  readonly stage: LiveStage;
  readonly topic: string;
  readonly isFiltered: boolean;
}

function LiveOf({ stage, topic, isFiltered }: LiveOfProps) {
  // A page that nobody sees asks for nothing.
  const isSeen = useIsSeen();
  const { rows: all } = useTopic<LiveRow | LiveCounts>(isSeen ? topic : undefined);
  const [, draw] = useState(0);
  const [opened, setOpened] = useState<LiveRow>();
  const ring = useRef<LiveRing>(emptyRing);
  const counts = countsIn(all);
  const taken = useRef(all);
  if (taken.current !== all) ring.current = withRows(ring.current, rowsIn(all));
  taken.current = all;
  const change = (next: LiveRing): void => {
    ring.current = next;
    draw((count) => count + 1);
  };
  const isHeld = ring.current.held !== undefined;
  const hold = (): void => change(held(ring.current, !isHeld));
  useKey("p", "Pause what flows, or go on", hold);
  const columns = useMemo(() => liveColumns(stage, setOpened), [stage]);
  const { entries } = ring.current;
  const save = (): void => {
    const kept = [...(ring.current.held ?? []), ...entries];
    download(savedName(stage, serverNowMs()), savedLines(kept.map(({ row }) => row)));
  };
  return (
    <>
      <div class="live-bar">
        <LiveFilter fault={counts?.fault ?? null} />
        <LiveActions
          isHeld={isHeld}
          canSave={entries.length > 0}
          saveTitle={
            stage === "sent"
              ? "Events as they stand in the stream, one a line: sluicegate replay and sluicegate rules backtest read them."
              : "A JSON document in each line. What replay and backtest read is saved from Sent."
          }
          onHold={hold}
          onClear={() => change(cleared(ring.current))}
          onSave={save}
        />
      </div>
      <p class="live-counts soft" data-live-counts>
        {counts && (
          <span>
            shown {rateText(counts.shownPerS)}/s of {rateText(counts.seenPerS)}/s
            {counts.isSampled && <strong> (sampled)</strong>}
          </span>
        )}
        {ring.current.held && (
          <strong role="status">
            paused: {countText(ring.current.held.length)} kept, {countText(ring.current.lost)} lost
          </strong>
        )}
      </p>
      {entries.length === 0 ? (
        <Nothing stage={stage} isFiltered={isFiltered} />
      ) : (
        <div class="live-table">
          <Table label="What flows, newest first" columns={columns} entries={entries} />
        </div>
      )}
      {opened && <LiveDialog row={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function Nothing({
  stage,
  isFiltered,
}: {
  readonly stage: LiveStage;
  readonly isFiltered: boolean;
}) {
  const isRare = stage === "late" || stage === "rejected";
  return (
    <EmptyPanel
      icon="live"
      title={isRare ? `Nothing was ${stage} since you look.` : "Nothing has come since you look."}
    >
      <p class="soft">
        {isFiltered
          ? "The filter may leave out what comes: take words out of it."
          : isRare
            ? "That is how it should be. Rows appear as soon as there are some."
            : "Rows appear as soon as a device says something."}
      </p>
    </EmptyPanel>
  );
}

function countsIn(rows: ReadonlyMap<string, LiveRow | LiveCounts>): LiveCounts | undefined {
  const counts = rows.get("counts");
  return counts && "seenPerS" in counts ? counts : undefined;
}

function rowsIn(rows: ReadonlyMap<string, LiveRow | LiveCounts>): ReadonlyMap<string, LiveRow> {
  const found = new Map<string, LiveRow>();
  for (const [key, row] of rows) if ("json" in row) found.set(key, row);
  return found;
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
