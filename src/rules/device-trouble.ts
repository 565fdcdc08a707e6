import type { DeviceId } from "../core/ids.ts";

/** What the rules met of one device that somebody should look at. */
export interface DeviceTrouble {
  readonly device: DeviceId;
  /** Samples that were not judged, since newer ones had been. */
  readonly passedOver: number;
  /** `suspect` while its own time is behind what was judged, and the time of receipt is taken. */
  readonly clock: "trusted" | "suspect";
  /** How often its clock was set back. */
  readonly setBack: number;
}
