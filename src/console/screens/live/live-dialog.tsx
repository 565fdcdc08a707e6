/** All of one row, and the way of its event. */
import type { LiveRow } from "../../../api/shapes/live.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Moment } from "../../parts/moment.tsx";

interface LiveDialogProps {
  readonly row: LiveRow;
  readonly onClose: () => void;
}

export function LiveDialog({ row, onClose }: LiveDialogProps) {
  const json = JSON.stringify(row.json, null, 2);
  return (
    <Dialog title={row.device ?? "A message"} isSheet onClose={onClose}>
      <p class="soft">
        Received <Moment atMs={row.atMs} show="both" copies />
      </p>
      <pre class="live-json" tabIndex={0}>
        {json}
      </pre>
      <div class="actions">
        <span>
          <CopyButton text={json} what="the JSON" />
          Copy
        </span>
        {row.event !== null && (
          <a class="button" href={`/events/${encodeURIComponent(row.event)}`}>
            Way of this event
          </a>
        )}
      </div>
    </Dialog>
  );
}
