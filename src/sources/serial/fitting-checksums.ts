import { checksums } from "../../core/checksums.ts";
import { frameCheck } from "./framers/check.ts";
import type { ChecksumOptions } from "./framing-options.ts";

/** Frames that have to fit, so that chance is no explanation. */
const enough = 4;

/**
 * Checksums at the same place that most of the frames fit, as people write them: `crc16-modbus, order:
 * little`. None where there are too few frames to tell.
 */
export function fittingChecksums(
  layout: ChecksumOptions,
  frames: readonly Uint8Array[],
): readonly string[] {
  const found: string[] = [];
  for (const kind of checksums)
    for (const order of layout.size === 1 ? [layout.order] : (["big", "little"] as const)) {
      const { fits } = frameCheck({ ...layout, kind, order });
      const fitting = frames.filter((frame) => fits(frame)).length;
      if (fitting >= enough && 2 * fitting > frames.length)
        found.push(`kind: ${kind}, order: ${order}`);
    }
  return found;
}
