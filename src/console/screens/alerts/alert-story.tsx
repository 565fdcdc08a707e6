/** What happened to an alert and what people did, the latest first; and who was told. */
import type { AlertPage } from "../../../api/shapes/alert.ts";
import { Moment } from "../../parts/moment.tsx";
import { Pill } from "../../parts/pill.tsx";
import { clockText } from "../../parts/time-text.ts";
import { nowMs } from "../../state/now.ts";

/** What is known so much later than it was is worth a word. */
const lateMs = 60_000;

type StoryProps = Pick<AlertPage, "deliveries" | "story">;

export function AlertStory({ deliveries, story }: StoryProps) {
  return (
    <>
      <h3>What happened</h3>
      {story.length === 0 && <p class="soft">Nothing of it is kept any more.</p>}
      <ol class="alerts-story">
        {story.map((chapter, index) => (
          <li key={`${chapter.atMs} ${index}`}>
            <Moment atMs={chapter.atMs} show="clock" />
            <div>
              <strong>{chapter.what.replaceAll("-", " ")}</strong>
              {chapter.by !== null && ` by ${chapter.by}`}
              {chapter.text !== "" && <p class="soft">{chapter.text}</p>}
              <Learned {...chapter} />
            </div>
          </li>
        ))}
      </ol>
      <h3>Who was told</h3>
      {deliveries.length === 0 && <p class="soft">Nobody, as far as it is known here.</p>}
      <ul class="alerts-story">
        {deliveries.map((delivery, index) => (
          <li key={`${delivery.receiver} ${index}`}>
            <Moment atMs={delivery.atMs} show="clock" />
            <div>
              <strong>{delivery.receiver}</strong> <Pill {...outcomes[delivery.outcome]} isPlain />
              <p class="soft">
                {delivery.text}
                {delivery.attempts > 1 && ` (${delivery.attempts} tries)`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

const outcomes = {
  delivered: { word: "delivered", icon: "check", tone: "normal" },
  retrying: { word: "tried again", icon: "connecting", tone: "warning" },
  "given-up": { word: "given up", icon: "dropping", tone: "critical" },
  waiting: { word: "waits", icon: "connecting", tone: "normal" },
} as const;

function Learned({ atMs, learnedMs }: Pick<StoryProps["story"][number], "atMs" | "learnedMs">) {
  if (learnedMs === null || learnedMs - atMs < lateMs) return null;
  return <p class="alerts-late">learned {clockText(learnedMs, nowMs.value)}</p>;
}
