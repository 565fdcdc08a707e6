/** One command: how far it is, what the device said, and what can be done about it. */
import { useState } from "preact/hooks";
import type { CommandRow } from "../../../api/shapes/command.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { Moment } from "../../parts/moment.tsx";
import { Pill } from "../../parts/pill.tsx";
import { spanText } from "../../parts/time-text.ts";
import { may } from "../../state/session.ts";
import { callText, commandSayings, lastSaid, tookMs, triesOf } from "./command-words.ts";
import { cancelCommand } from "./send-command.ts";

interface CommandItemProps {
  readonly row: CommandRow;
  readonly canAgain: boolean;
  readonly onAgain: () => void;
}

export function CommandItem({ canAgain, onAgain, row }: CommandItemProps) {
  const [isCancelling, setCancelling] = useState(false);
  const { icon, tone, word } = commandSayings[row.state];
  const took = tookMs(row);
  const tries = triesOf(row);
  const said = lastSaid(row);
  const canCancel = may("operator") && (row.state === "issued" || row.state === "queued");
  return (
    <article class="device-command" aria-label={`${row.name}, ${word}`}>
      <div class="device-command-line">
        <code class="device-command-call">{callText(row)}</code>
        <Pill
          word={word}
          icon={icon}
          tone={tone}
          title={took === undefined ? undefined : `after ${spanText(took)}`}
        />
        {took !== undefined && <span class="number soft">{spanText(took)}</span>}
        {tries > 1 && <span class="soft">{tries} tries</span>}
        <div class="actions">
          {canCancel && (
            <button type="button" class="button button-small" onClick={() => setCancelling(true)}>
              Cancel
            </button>
          )}
          {row.isFinal && canAgain && (
            <button type="button" class="button button-small" onClick={onAgain}>
              Send again
            </button>
          )}
        </div>
      </div>
      {said !== undefined && <p class="device-command-said">{said}</p>}
      {row.validUntilMs !== null && !row.isFinal && (
        <p>
          Waits until it can be sent; valid until <Moment atMs={row.validUntilMs} show="both" />.
        </p>
      )}
      <p class="soft">
        <Moment atMs={row.issuedMs} show="both" /> by <bdi>{row.by}</bdi>
        {row.reason !== null && (
          <>
            : <bdi>{row.reason}</bdi>
          </>
        )}
        {row.run !== null && (
          <>
            {" "}
            in the run <a href={`/plans?run=${encodeURIComponent(row.run)}`}>{row.run}</a>
          </>
        )}
      </p>
      <Why row={row} />
      {isCancelling && (
        <ActionDialog
          title={`Cancel ${row.name} to ${row.device}`}
          verb="Cancel the command"
          reason="optional"
          says="It is taken back as far as nothing of it was sent. What has left by then goes on."
          act={(reason) => cancelCommand(row.id, reason)}
          done={({ event }) => `${row.name} is to be taken back; event ${event}`}
          onClose={() => setCancelling(false)}
        />
      )}
    </article>
  );
}

/** What its state means, what to do, and every step that led there. */
function Why({ row }: { readonly row: CommandRow }) {
  const { advice, means } = commandSayings[row.state];
  return (
    <details class="device-command-why">
      <summary>Why?</summary>
      <p>
        {means} {advice}
      </p>
      <ol>
        {row.steps.map(({ answer, atMs, attempt, state, text }) => (
          <li key={`${atMs} ${state} ${attempt}`}>
            <Moment atMs={atMs} show="clock" /> {commandSayings[state].word}
            {attempt !== null && attempt > 1 && `, try ${attempt}`}
            {text !== null && `: ${text}`}
            {answer !== null && <code class="device-command-said"> {answer}</code>}
          </li>
        ))}
      </ol>
      <p class="faint">
        Id <code>{row.id}</code>
      </p>
    </details>
  );
}
