import type { EpochMs } from "../../core/clock.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { DeviceState } from "./device-state.ts";

/** A device as people see it in a list. */
export interface DeviceRow {
  readonly device: DeviceId;
  readonly state: DeviceState;
  /** Absent where the configuration names it. */
  readonly family?: string | undefined;
  /** With its version. */
  readonly profile?: string | undefined;
  readonly configured: boolean;
  /** How often it is expected to report. */
  readonly intervalMs?: number | undefined;
  /** How often it did of late. */
  readonly everyMs?: number | undefined;
  readonly firstMs?: EpochMs | undefined;
  /** The last sign of life. */
  readonly lastMs?: EpochMs | undefined;
  /** When a value became another. */
  readonly changedMs?: EpochMs | undefined;
  readonly events: number;
  readonly rejected: number;
  readonly repeats: number;
  /** `online`, `offline` or `unknown`, where that was ever said. */
  readonly link?: string | undefined;
}
