/** The framings there are: one line each. */
import { frameCheck } from "./framers/check.ts";
import { cobs } from "./framers/cobs.ts";
import { delimiter } from "./framers/delimiter.ts";
import { fixed } from "./framers/fixed.ts";
import type { FrameEar, Framer } from "./framers/framer.ts";
import { headerChecksum } from "./framers/header-checksum.ts";
import { IdleGap } from "./framers/idle-gap.ts";
import { lengthPrefix } from "./framers/length-prefix.ts";
import { lines } from "./framers/lines.ts";
import { slip } from "./framers/slip.ts";
import { SmlTransport } from "./framers/sml.ts";
import { Telegram } from "./framers/telegram.ts";
import type { ChecksumOptions, FramingOptions } from "./framing-options.ts";

export interface FramerOptions {
  readonly framing: FramingOptions;
  readonly checksum?: ChecksumOptions | undefined;
  readonly maxBytes: number;
}

/** Opens the framing of the options, with its checksum. */
export function openFramer({ checksum, framing, maxBytes }: FramerOptions, ear: FrameEar): Framer {
  const check = checksum && frameCheck(checksum, "length" in framing ? framing.end : undefined);
  const bareEar: FrameEar = {
    frame: (payload) => ear.frame(check?.bare(payload) ?? payload),
    damaged: (payload, damage) => ear.damaged(payload, damage),
  };
  const setting = { maxBytes, check, ear: checksum?.keep === false ? bareEar : ear };
  switch (framing.kind) {
    case "lines":
      return lines(setting, { end: framing.write });
    case "delimiter":
      return delimiter(setting, framing);
    case "slip":
      return slip(setting);
    case "cobs":
      return cobs(setting);
    case "fixed":
      return fixed(setting, framing);
    case "length-prefix":
      return lengthPrefix(setting, { ...framing, length: lengthOf(framing.length) });
    case "header-checksum": {
      const { length } = framing;
      const field = typeof length === "number" ? length : lengthOf(length);
      return headerChecksum(setting, { ...framing, length: field });
    }
    case "idle-gap":
      return new IdleGap(setting, { gapMs: framing.gap_ms });
    case "telegram":
      return new Telegram(setting, framing);
    case "sml":
      return new SmlTransport(setting);
  }
}

const sizes = { u8: 1, u16: 2, u32: 4 } as const;

function lengthOf<T extends { readonly type: keyof typeof sizes }>(
  field: T,
): T & { readonly size: 1 | 2 | 4 } {
  return { ...field, size: sizes[field.type] };
}
