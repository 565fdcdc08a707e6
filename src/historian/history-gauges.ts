import type { Metrics } from "../core/metrics.ts";
import type { Historian } from "./historian.ts";

/** Gives what sets the gauges of a historian. One that stands by says that nothing is behind. */
export function historyGauges(historian: Pick<Historian, "state">, metrics: Metrics): () => void {
  const behind = metrics.gauge(
    "gateway_historian_behind_messages",
    "Messages that the streams of gateways hold and that are not in the database yet.",
  );
  const failing = metrics.gauge(
    "gateway_historian_failing",
    "1 while the database takes nothing, else 0.",
  );
  return () => {
    const state = historian.state();
    const waiting = state.gateways.reduce((sum, gateway) => sum + gateway.behind, 0);
    behind.set(state.standby ? 0 : waiting);
    failing.set(state.failing ? 1 : 0);
  };
}
