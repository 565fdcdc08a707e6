/** How long things take on a serial line, by its speed (Modbus over serial line 1.02 §2.5.1.1). */
import type { LineOptions } from "../lines/options.ts";

/** Above 19,200 baud the silence between frames is fixed. */
const fastSilenceMs = 1.75;
const silentCharacters = 3.5;
/** Many devices and adapters need longer than the standard says to turn around. */
const leastSilenceMs = 5;

export interface LinePace {
  /** Of one byte with all that is around it. */
  readonly byteMs: number;
  /** Between the end of one frame and the beginning of the next. */
  readonly silenceMs: number;
}

export function linePace(
  options: Pick<LineOptions, "baud" | "data_bits" | "parity" | "stop_bits">,
): LinePace {
  const bits = 1 + options.data_bits + (options.parity === "none" ? 0 : 1) + options.stop_bits;
  const byteMs = (bits * 1_000) / options.baud;
  const standardMs = options.baud > 19_200 ? fastSilenceMs : silentCharacters * byteMs;
  return { byteMs, silenceMs: Math.max(leastSilenceMs, standardMs) };
}
