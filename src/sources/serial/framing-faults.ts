/** What is wrong between the framing of a source, its checksum, its line and its limits. */
import type { LineOptions } from "../lines/options.ts";
import type { ChecksumOptions, FramingOptions } from "./framing-options.ts";

type Options = Pick<LineOptions, "data_bits" | "flow"> & {
  readonly framing: FramingOptions;
  readonly checksum?: ChecksumOptions | undefined;
  readonly limits: { readonly max_frame: number };
};

interface Fault {
  readonly path: string[];
  readonly message: string;
}

/** The first fault, as people read it; `path` is that of the field. */
export function faultOfFraming(options: Options): Fault | undefined {
  return faultOfChecksum(options) ?? faultOfLength(options) ?? faultOfLine(options);
}

function faultOfChecksum({ checksum, framing }: Options): Fault | undefined {
  const path = ["checksum"];
  if (framing.kind === "header-checksum" && checksum === undefined)
    return { path, message: "framing header-checksum needs a checksum" };
  if (framing.kind === "sml" && checksum !== undefined)
    return { path, message: "framing sml has its own" };
  const end = "length" in framing ? framing.end.length : 0;
  if (checksum !== undefined && checksum.behind < end)
    return { path: [...path, "behind"], message: `is at least ${end}: end stands behind it` };
  return undefined;
}

function faultOfLength({ checksum, framing, limits }: Options): Fault | undefined {
  const path = ["framing"];
  if (!("length" in framing)) return undefined;
  const { end, length, start } = framing;
  if (typeof length !== "number") return undefined;
  if (start.length + end.length === 0 && checksum === undefined) {
    const message =
      "framing fixed needs start, end or a checksum, or no frame is found again after damage";
    return { path, message };
  }
  if (length > limits.max_frame)
    return { path: [...path, "length"], message: "is more than limits.max_frame" };
  if (length < start.length + end.length || length < roomFor(checksum))
    return { path: [...path, "length"], message: "is less than start, end and checksum take" };
  return undefined;
}

function roomFor(checksum: ChecksumOptions | undefined): number {
  if (checksum === undefined) return 0;
  const { behind, from, gap, size, written } = checksum;
  return from + gap + behind + (written === "hex" ? 2 * size : size);
}

function faultOfLine({ checksum, data_bits, flow, framing }: Options): Fault | undefined {
  const { kind } = framing;
  if (data_bits < 8 && (kind === "slip" || kind === "sml"))
    return { path: ["data_bits"], message: `is 8 where framing is ${kind}` };
  const isBinary =
    kind === "slip" ||
    kind === "cobs" ||
    kind === "sml" ||
    ("length" in framing && typeof framing.length !== "number") ||
    checksum?.written === "bytes";
  if (flow === "xon-xoff" && isBinary)
    return {
      path: ["flow"],
      message: "xon-xoff takes the bytes 0x11 and 0x13 away, which these frames can have in them",
    };
  return undefined;
}
