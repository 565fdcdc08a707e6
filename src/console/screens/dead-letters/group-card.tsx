/** Messages with one reason, as one: what they have in common, and what can be done with all of them. */
import { useState } from "preact/hooks";
import type { AgainOutcome, DeadLetterGroup } from "../../../api/shapes/dead-letter.ts";
import { Icon } from "../../parts/icon.tsx";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";
import { ErrorPanel } from "../../parts/panels.tsx";
import { type Answer, tell } from "../../state/ask.ts";
import { hrefWith } from "../../state/place.ts";
import { may } from "../../state/session.ts";
import { AgainReport } from "./again-report.tsx";
import { DiscardDialog } from "./discard-dialog.tsx";
import { GroupMessages } from "./group-messages.tsx";
import { ReprocessDialog } from "./reprocess-dialog.tsx";

interface GroupCardProps {
  readonly group: DeadLetterGroup;
  readonly isOpen: boolean;
}

export function GroupCard({ group, isOpen }: GroupCardProps) {
  const { devices, firstMs, key, lastMs, messages, profile, reason, stage, topic } = group;
  const [answer, setAnswer] = useState<Answer<AgainOutcome>>();
  const [isTrying, setTrying] = useState(false);
  const [asking, setAsking] = useState<"reprocess" | "discard">();
  const title = `dead-letters-${key}`;
  const tryAgain = async (): Promise<void> => {
    setTrying(true);
    setAnswer(await tell<AgainOutcome>(`/dead-letters/${encodeURIComponent(key)}/try`));
    setTrying(false);
  };
  const close = (): void => setAsking(undefined);
  return (
    <li class="card dead-letters-group" aria-labelledby={title}>
      <div class="dead-letters-head">
        <a
          class="button button-plain dead-letters-open"
          href={hrefWith({ group: isOpen ? undefined : key })}
          aria-expanded={isOpen}
          role="button"
          aria-label={`${isOpen ? "Hide" : "Show"} the messages: ${reason}`}
        >
          <Icon name={isOpen ? "down" : "right"} />
        </a>
        <div>
          <h2 id={title}>{reason}</h2>
          <p class="soft">
            {stage}
            {profile !== null && ` · profile ${profile}`}
            {topic !== null && (
              <>
                {" "}
                · <code>{topic}</code>
              </>
            )}
          </p>
          <p class="soft">
            {countText(messages)} {messages === 1 ? "message" : "messages"}
            {devices > 0 && ` of ${devices} ${devices === 1 ? "device" : "devices"}`} · first{" "}
            <Moment atMs={firstMs} show="clock" /> · last <Moment atMs={lastMs} />
          </p>
        </div>
        {may("operator") && (
          <div class="actions">
            <button type="button" class="button" disabled={isTrying} onClick={tryAgain}>
              Try
            </button>
            <button type="button" class="button" onClick={() => setAsking("reprocess")}>
              Re-process
            </button>
            <button type="button" class="button" onClick={() => setAsking("discard")}>
              Discard
            </button>
            {profile === null && (
              <a class="button" href="/devices/unread">
                Register…
              </a>
            )}
          </div>
        )}
      </div>
      {answer?.ok && <AgainReport outcome={answer.value} />}
      {answer?.ok === false && <ErrorPanel problem={answer.problem} again={tryAgain} />}
      {isOpen && <GroupMessages group={key} lastMs={lastMs} />}
      {asking === "reprocess" && (
        <ReprocessDialog
          group={group}
          onDone={(outcome) => setAnswer({ ok: true, value: outcome })}
          onClose={close}
        />
      )}
      {asking === "discard" && <DiscardDialog group={group} onClose={close} />}
    </li>
  );
}
