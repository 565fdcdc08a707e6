/** What somebody should look at. */
import { useState } from "preact/hooks";
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { EventMade } from "../../../api/shapes/parts.ts";
import { ActionDialog } from "../../parts/action-dialog.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Moment } from "../../parts/moment.tsx";
import { Pill } from "../../parts/pill.tsx";
import { tell } from "../../state/ask.ts";
import { may } from "../../state/session.ts";
import type { AttentionItem } from "./attention.ts";

/** More is shown by the lists they are of. */
const mostItems = 8;

interface AttentionListProps {
  readonly items: readonly AttentionItem[];
  /** False while it is not known yet whether there is anything. */
  readonly isLoaded: boolean;
}

export function AttentionList({ isLoaded, items }: AttentionListProps) {
  const [toAck, setAck] = useState<AlertRow>();
  const hidden = items.length - mostItems;
  return (
    <section class="card overview-attention" aria-label="Needs attention">
      <div class="card-head">
        <h2>Needs attention</h2>
        {items.length > 0 && <span class="faint number">{items.length}</span>}
      </div>
      {items.length === 0 && (
        <p class="overview-calm">
          <Icon name={isLoaded ? "ok" : "connecting"} />
          {isLoaded ? "Nothing. All is as it should be." : "Looking…"}
        </p>
      )}
      <ul>
        {items.slice(0, mostItems).map((item) => (
          <li key={item.key} class={`attention attention-${item.tone}`}>
            <Pill word={item.word} icon={item.icon} tone={item.tone} />
            <a class="attention-what" href={item.href}>
              {item.what}
            </a>
            <span class="attention-text">{item.text}</span>
            <span class="attention-since soft">
              {item.sinceMs !== undefined && <Moment atMs={item.sinceMs} show="both" />}
            </span>
            {item.toAck && may("operator") && (
              <button
                type="button"
                class="button button-small"
                aria-label={`Ack ${item.what}, ${item.text}`}
                onClick={() => setAck(item.toAck)}
              >
                Ack
              </button>
            )}
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <p class="soft">
          {hidden} more: <a href="/alerts">alerts</a>, <a href="/devices">devices</a>.
        </p>
      )}
      {toAck && <Acknowledge row={toAck} onClose={() => setAck(undefined)} />}
    </section>
  );
}

function Acknowledge({ row, onClose }: { readonly row: AlertRow; readonly onClose: () => void }) {
  const whose = row.device ?? row.gateway ?? row.site;
  return (
    <ActionDialog
      title={`Acknowledge ${row.rule} of ${whose}`}
      says="Says that somebody has seen it. It stays in the list until it ends."
      verb="Acknowledge"
      reason="optional"
      act={(reason) =>
        tell<EventMade>(
          `/alerts/${encodeURIComponent(row.instance)}/ack`,
          reason === "" ? {} : { reason },
        )
      }
      done={({ event }) => `${row.rule} of ${whose} is acknowledged; event ${event}.`}
      onClose={onClose}
    />
  );
}
