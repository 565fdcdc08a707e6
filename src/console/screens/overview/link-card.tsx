/** How the line to the backbone is, since when, why, and what that means. */
import type { GatewayNow } from "../../../api/shapes/status.ts";
import { Icon } from "../../parts/icon.tsx";
import { linkWords } from "../../parts/link-words.ts";
import { Moment } from "../../parts/moment.tsx";
import { spanText } from "../../parts/time-text.ts";
import { nowMs } from "../../state/now.ts";
import { Facts } from "./facts.tsx";

export function LinkCard({ link }: { readonly link: GatewayNow["link"] }) {
  const { icon, means, tone, word } = linkWords[link.word];
  const server = link.server ?? link.servers[0];
  return (
    <section class="card overview-card" aria-label="Link" data-link={link.word}>
      <div class="card-head">
        <h2>Link</h2>
      </div>
      <p class={`overview-main overview-${tone}`}>
        <Icon name={icon} />
        {word}
        <span class="overview-beside">
          since <Moment atMs={link.sinceMs} show="both" />
        </span>
      </p>
      <Facts
        facts={[
          ["Server", server ?? "none"],
          ["Reason", link.reason],
          ["Next try", link.nextTryMs === null ? null : untilText(link.nextTryMs - nowMs.value)],
          [
            "Last acknowledged",
            link.lastAckMs === null ? null : <Moment atMs={link.lastAckMs} show="both" />,
          ],
        ]}
      />
      <p class="overview-means">{means}</p>
    </section>
  );
}

function untilText(ms: number): string {
  return ms < 1_000 ? "now" : `in ${spanText(Math.floor(ms / 1_000) * 1_000)}`;
}
