/** Where samples of one metric of a device go beside the rules that watch the device itself. */
import type { EpochMs } from "../../core/clock.ts";
import type { Measurement } from "../../core/measurement.ts";

export interface SampleTap {
  /** It asks by how much the metric rose as a counter. */
  readonly countsRise: boolean;
  /**
   * `rise` is undefined for a sample out of order; `intervalMs` is how often the device sends the
   * metric, undefined where nobody knows.
   */
  take(
    timeMs: EpochMs,
    sample: Measurement,
    rise: number | undefined,
    intervalMs: number | undefined,
  ): void;
}
