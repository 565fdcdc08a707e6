import type { DeviceWrite, WriteOutcome } from "../core/device-write.ts";
import type { DeviceId } from "../core/ids.ts";

/** All ways to devices as one. */
export interface CommandWays {
  /** As `DeviceWay.reaches`, of the best of them. */
  readonly reaches: (device: DeviceId, write: DeviceWrite) => "now" | "later" | "never";
  /** As `DeviceWay.write`, by the one that `reaches` meant. */
  readonly write: (
    device: DeviceId,
    write: DeviceWrite,
    signal: AbortSignal,
  ) => Promise<WriteOutcome>;
}
