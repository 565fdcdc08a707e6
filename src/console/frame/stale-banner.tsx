/** Says that what is shown is of earlier, so that nobody takes it for now. */
import { useEffect } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { Moment } from "../parts/moment.tsx";
import { staleSinceMs } from "../state/live.ts";

export function StaleBanner() {
  const since = staleSinceMs.value;
  const line = since === undefined ? "live" : "stale";
  useEffect(() => {
    document.documentElement.dataset["line"] = line;
  }, [line]);
  return (
    <div class="stale-banner-place" role="status">
      {since !== undefined && (
        <p class="stale-banner">
          <Icon name="connecting" />
          <strong>Not live.</strong>
          <span>
            Last update <Moment atMs={since} show="both" />, reconnecting…
          </span>
        </p>
      )}
    </div>
  );
}
