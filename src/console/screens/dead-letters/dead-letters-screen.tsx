/** Messages that could not be read, in groups: looked at, tried, processed again, discarded. */
import { useMemo } from "preact/hooks";
import type { DeadLetterGroup } from "../../../api/shapes/dead-letter.ts";
import { countText } from "../../parts/number-text.ts";
import { EmptyPanel, LoadingPanel } from "../../parts/panels.tsx";
import { useTopic } from "../../state/live.ts";
import { queryPart } from "../../state/place.ts";
import { ExportButton } from "./export-button.tsx";
import { GroupCard } from "./group-card.tsx";
import "./dead-letters.css";

export default function DeadLettersScreen() {
  const { isLoaded, rows } = useTopic<DeadLetterGroup>("dead-letters");
  // By what they are, so that none moves when a message comes.
  const groups = useMemo(
    () =>
      [...rows.values()].sort(
        (one, other) => one.firstMs - other.firstMs || compareKeys(one, other),
      ),
    [rows],
  );
  const messages = groups.reduce((sum, group) => sum + group.messages, 0);
  return (
    <>
      <div class="screen-head">
        <h1>Dead letters</h1>
        {groups.length > 0 && (
          <>
            <span class="soft">
              {countText(messages)} in {groups.length} {groups.length === 1 ? "group" : "groups"}
            </span>
            <div class="actions">
              <ExportButton keys={groups.map(({ key }) => key)} />
            </div>
          </>
        )}
      </div>
      {!isLoaded && <LoadingPanel what="Looking for rejected messages" />}
      {isLoaded && groups.length === 0 && (
        <EmptyPanel title="No rejected message waits for a decision." icon="check">
          <p>
            A message that no profile reads, or that does not fit its profile, is kept and stands
            here until somebody decides what becomes of it.
          </p>
          <a href="/live?stage=rejected">Look at what is rejected live</a>
        </EmptyPanel>
      )}
      {groups.length > 0 && (
        <ul class="dead-letters-groups">
          {groups.map((group) => (
            <GroupCard key={group.key} group={group} isOpen={queryPart("group") === group.key} />
          ))}
        </ul>
      )}
    </>
  );
}

function compareKeys(one: DeadLetterGroup, other: DeadLetterGroup): number {
  return one.key < other.key ? -1 : 1;
}
