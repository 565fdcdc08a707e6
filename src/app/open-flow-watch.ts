import type { Clock } from "../core/clock.ts";
import type { LogAccounts } from "../core/log-accounts.ts";
import type { AtEnd } from "../core/open-parts.ts";
import type { ForwardState } from "../forward/forward-status.ts";
import { FlowWatch } from "../gateway/flow-watch.ts";
import type { Ingest } from "../gateway/ingest.ts";

export interface WatchedFlow {
  readonly clock: Clock;
  readonly ingest: Pick<Ingest, "counts">;
  readonly link: () => ForwardState;
  readonly log: Pick<LogAccounts, "state">;
}

/** Looks at what flows through a gateway until its end. */
export function openFlowWatch({ clock, ingest, link, log }: WatchedFlow, atEnd: AtEnd): FlowWatch {
  const watch = new FlowWatch({
    ...{ clock, link },
    received: () => ingest.counts.received,
    buffer: () => log.state(),
  });
  watch.start();
  atEnd(async () => watch.stop());
  return watch;
}
