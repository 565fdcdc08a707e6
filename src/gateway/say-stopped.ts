import { type Clock, sleep } from "../core/clock.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { ForwardState } from "../forward/forward-status.ts";
import type { Ingest } from "./ingest.ts";

/** How long a stop waits for the hub to know of it. */
const patienceMs = 2_000;
const lookEveryMs = 10;

export interface StopDependencies {
  readonly clock: Clock;
  readonly ingest: Pick<Ingest, "own">;
  readonly link: () => ForwardState;
  readonly log: Pick<RecordLog, "confirmed" | "lastSeq">;
}

/**
 * The last word of a gateway that stops on purpose, so that the hub does not take it for dead. Waits
 * a moment until the backbone has it, where there is one; else it goes with everything else later.
 */
export async function sayStopped({ clock, ingest, link, log }: StopDependencies): Promise<void> {
  ingest.own({ kind: "status", data: { state: "offline", cause: "gateway-stopped" } });
  const lastWord = log.lastSeq;
  const untilMs = clock.monotonicMs() + patienceMs;
  while ((log.confirmed?.seq ?? 0) < lastWord && clock.monotonicMs() < untilMs) {
    const { kind } = link();
    if (kind !== "linked" && kind !== "draining") return;
    await sleep(clock, lookEveryMs);
  }
}
