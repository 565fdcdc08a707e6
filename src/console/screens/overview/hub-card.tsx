/** Whether what is shown of all gateways is of now. */
import type { StatusRow } from "../../../api/shapes/status.ts";
import { Icon } from "../../parts/icon.tsx";
import { Moment } from "../../parts/moment.tsx";
import { Facts } from "./facts.tsx";

export function HubCard({ hub }: { readonly hub: NonNullable<StatusRow["hub"]> }) {
  const { connected, gateways, gatewaysAway, reason, server, sinceMs } = hub;
  return (
    <section class="card overview-card" aria-label="Backbone">
      <div class="card-head">
        <h2>Backbone</h2>
      </div>
      <p class={`overview-main overview-${connected ? "normal" : "critical"}`}>
        <Icon name={connected ? "linked" : "blocked"} />
        {connected ? "Connected" : "Away"}
        <span class="overview-beside">
          since <Moment atMs={sinceMs} show="both" />
        </span>
      </p>
      <Facts
        facts={[
          ["Server", server],
          ["Reason", reason],
          ["Gateways", gateways],
          [
            "Gateways away",
            gatewaysAway === 0 ? 0 : <strong class="overview-warning">{gatewaysAway}</strong>,
          ],
        ]}
      />
      <p class="overview-means">
        {connected
          ? gatewaysAway === 0
            ? "Every gateway has spoken within the last 15 s."
            : "Of gateways that are away, what they said last is shown; they keep the rest on disk."
          : "What is shown of other gateways is of earlier, until the backbone is reached again."}
      </p>
    </section>
  );
}
