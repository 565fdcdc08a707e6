/** What waits on disk, how long it can, and when it will be gone. */

import type { GatewayNow, LinkWord } from "../../../api/shapes/status.ts";
import { formatSize } from "../../../core/size.ts";
import { Moment } from "../../parts/moment.tsx";
import { countText, shareText } from "../../parts/number-text.ts";
import { spanText } from "../../parts/time-text.ts";
import { Facts } from "./facts.tsx";

interface BufferCardProps {
  readonly buffer: GatewayNow["buffer"];
  readonly word: LinkWord;
}

export function BufferCard({ buffer, word }: BufferCardProps) {
  const { bytes, events, fullInMs, goneInMs, maxBytes, oldestMs } = buffer;
  const share = maxBytes === 0 ? 0 : bytes / maxBytes;
  const tone = word === "dropping" ? "critical" : share > 0.8 ? "warning" : "normal";
  return (
    <section class="card overview-card" aria-label="Buffer" data-events={events}>
      <div class="card-head">
        <h2>Buffer</h2>
      </div>
      <p class={`overview-main overview-${tone}`}>
        {countText(events)} <span class="overview-unit">{events === 1 ? "event" : "events"}</span>
        {events > 0 && <span class="overview-beside">{formatSize(bytes)} on disk</span>}
      </p>
      <Facts
        facts={[
          ["Oldest", oldestMs === null ? null : <Moment atMs={oldestMs} show="both" />],
          ["Full in", fullInMs === null ? null : `about ${spanText(fullInMs)}`],
          ["Gone in", goneInMs === null ? null : `about ${spanText(goneInMs)}`],
        ]}
      />
      <div class="overview-fill">
        <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
          <rect width="100" height="1" class="overview-fill-all" />
          <rect
            width={share > 0 ? Math.max(1, share * 100) : 0}
            height="1"
            class={`overview-fill-${tone}`}
          />
        </svg>
        <span class="soft number">
          {shareText(share)} of {formatSize(maxBytes)}
        </span>
      </div>
      <p class="overview-means">
        {events === 0 && "Nothing waits: what comes in goes out at once."}
        {events > 0 && "What waits is on disk, survives a restart, and goes out in its order."}
      </p>
    </section>
  );
}
