/** What running processes say, as much of it as checks read. */
import { toRunId, toSeq } from "../../../src/core/ids.ts";
import type { LogState } from "../../../src/core/log-accounts.ts";
import type { GatewayStatus } from "../../../src/gateway/gateway-status.ts";

export function gatewaySaying(facts: Partial<GatewayStatus>): object {
  return { version: "1.0.0", gateway: { schema: "sluicegate.status/1", ...facts } };
}

export const sampleBufferState: LogState = {
  ...{ run: toRunId("firstrun"), firstSeq: toSeq(1), lastSeq: toSeq(9), durableSeq: toSeq(9) },
  ...{ confirmed: undefined, waitingRecords: 0, oldestWaitingMs: undefined, sizeBytes: 0 },
  ...{ maxBytes: 1_048_576, settledSeq: toSeq(0), segments: 1, droppedRecords: 0 },
  ...{ writable: true, trouble: undefined },
};
