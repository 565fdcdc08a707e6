/** What comes in and goes out, and what did not go the usual way. */
import type { GatewayNow } from "../../../api/shapes/status.ts";
import { countText, rateText } from "../../parts/number-text.ts";
import { Quantity } from "../../parts/quantity.tsx";
import { spanText } from "../../parts/time-text.ts";
import { Facts } from "./facts.tsx";

export function FlowCard({ flow }: { readonly flow: GatewayNow["flow"] }) {
  const window = `mean of the last ${spanText(Math.round(flow.windowMs / 1_000) * 1_000)}`;
  const { dropped, droppedBefore, late, passedOver, received, rejected, repeats } = flow;
  return (
    <section class="card overview-card" aria-label="Flow">
      <div class="card-head">
        <h2>Flow</h2>
        <span class="faint overview-window">
          {spanText(Math.round(flow.windowMs / 1_000) * 1_000)} mean
        </span>
      </div>
      <p class="overview-main overview-pair">
        <span>
          <span class="overview-unit">in</span>{" "}
          <Quantity number={rateText(flow.inPerS)} unit="ev/s" window={window} />
        </span>
        <span>
          <span class="overview-unit">out</span>{" "}
          <Quantity number={rateText(flow.outPerS)} unit="ev/s" window={window} />
        </span>
      </p>
      <Facts
        facts={[
          ["Received", `${countText(received)} since the start`],
          ["Late", countText(late)],
          ["Repeats", countText(repeats)],
          ["Rejected", rejected === 0 ? "0" : <a href="/dead-letters">{countText(rejected)}</a>],
          ["Passed over", passedOver === 0 ? null : countText(passedOver)],
          [
            "Dropped",
            dropped === 0 ? "0" : <strong class="overview-critical">{countText(dropped)}</strong>,
          ],
          ["Dropped in earlier runs", droppedBefore === 0 ? null : countText(droppedBefore)],
        ]}
      />
      <p class="overview-means">
        In is what devices said; out and the buffer have what the gateway says of itself, too.
      </p>
    </section>
  );
}
