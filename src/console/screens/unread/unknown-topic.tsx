/** A topic that no profile reads: what came on it, and what would make devices of it. */
import { useState } from "preact/hooks";
import type { UnreadPage } from "../../../api/shapes/device.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";
import { may } from "../../state/session.ts";
import { AcceptDialog } from "./accept-dialog.tsx";

interface UnknownTopicProps {
  readonly topic: UnreadPage["topics"][number];
  readonly onAccepted: () => void;
}

export function UnknownTopic({ onAccepted, topic }: UnknownTopicProps) {
  const { count, draft, lastMs, sample, suggested } = topic;
  const [isOpen, setOpen] = useState(false);
  return (
    <article aria-label={topic.topic}>
      <div class="unread-head">
        <h2>
          <bdi>{topic.topic}</bdi>
        </h2>
        <span class="soft">
          {count === 1 ? "1 message" : `${countText(count)} messages`}, last{" "}
          <Moment atMs={lastMs} />
        </span>
        {may("admin") && (
          <button type="button" class="button" onClick={() => setOpen(true)}>
            Accept…
          </button>
        )}
      </div>
      <pre class="unread-sample">{sample === "" ? "(an empty message)" : sample}</pre>
      <p>
        {suggested === null ? (
          "No profile that is there reads it."
        ) : (
          <>
            Of the profiles that are there, <code>{suggested}</code> reads the most of it.
          </>
        )}
      </p>
      {draft !== null && (
        <details>
          <summary>A profile made of its messages</summary>
          <p class="soft">
            Names and units are guessed: look at them before you rely on it.{" "}
            <CopyButton text={draft} what="the profile" />
          </p>
          <pre>{draft}</pre>
        </details>
      )}
      {isOpen && (
        <AcceptDialog topic={topic} onAccepted={onAccepted} onClose={() => setOpen(false)} />
      )}
    </article>
  );
}
