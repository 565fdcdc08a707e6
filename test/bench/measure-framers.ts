/** What the framings of lines read in a second, with frames that arrive in pieces of several sizes. */
import { checksumOf } from "../../src/core/checksums.ts";
import type { FrameEar } from "../../src/sources/serial/framers/framer.ts";
import { framingOptions } from "../../src/sources/serial/framing-options.ts";
import { openFramer } from "../../src/sources/serial/open-framer.ts";
import type { FigureGroup } from "./figures.ts";

/** A byte by itself, what a serial chip hands on at once, and what one read brings at most. */
const pieces = [1, 16, 4_096];

interface Sample {
  readonly name: string;
  readonly framing: unknown;
  readonly frame: Buffer;
}

/** `bytes` is how much each framing reads in each round. */
export function measureFramers(bytes: number): FigureGroup {
  const figures = samples().map(({ frame, framing, name }) => {
    const line = Buffer.concat(
      Array.from({ length: Math.ceil(bytes / frame.length) }, () => frame),
    );
    const rates = pieces.map((size) => megabytesPerSecond(framing, line, size).toFixed(1));
    return { what: `${name}, ${frame.length} B a frame`, measured: `${rates.join(", ")} MB/s` };
  });
  return { title: `Framings, by ${pieces.join(", ")} bytes: bytes read`, figures };
}

/** By processor time, the best of several rounds. */
function megabytesPerSecond(options: unknown, line: Buffer, size: number): number {
  let frames = 0;
  const ear: FrameEar = {
    frame: () => {
      frames += 1;
    },
    damaged: () => {},
  };
  const framer = openFramer({ framing: framingOptions.parse(options), maxBytes: 65_536 }, ear);
  framer.begin(true);
  let bestUs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 7; round += 1) {
    const before = process.cpuUsage();
    for (let at = 0; at < line.length; at += size) framer.take(line.subarray(at, at + size));
    const { system, user } = process.cpuUsage(before);
    bestUs = Math.min(bestUs, user + system);
  }
  if (frames === 0) throw new Error(`no frame was found: ${JSON.stringify(options)}`);
  return line.length / bestUs;
}

function samples(): Sample[] {
  const rows = (count: number): string => "1-0:1.8.1(004436.791*kWh)\r\n".repeat(count);
  const telegram = { kind: "telegram", start: "/", end: "!", tail: "line" };
  const header = { kind: "header-checksum", start: { hex: "424d" }, length: 32 };
  return [
    { name: "lines", framing: { kind: "lines" }, frame: Buffer.from(`${"a".repeat(60)}\r\n`) },
    {
      name: "cobs",
      framing: { kind: "cobs" },
      frame: Buffer.from(`65${"a1".repeat(100)}00`, "hex"),
    },
    {
      name: "header-checksum",
      framing: header,
      frame: Buffer.from(`424d${"07".repeat(30)}`, "hex"),
    },
    { name: "telegram", framing: telegram, frame: Buffer.from(`/XMX5\r\n${rows(30)}!\r\n`) },
    { name: "telegram", framing: telegram, frame: Buffer.from(`/XMX5\r\n${rows(1_000)}!\r\n`) },
    { name: "sml", framing: { kind: "sml" }, frame: smlFile() },
  ];
}

function smlFile(): Buffer {
  const file = Buffer.from(`1b1b1b1b01010101${"76".repeat(400)}1b1b1b1b1a000000`, "hex");
  file.writeUInt16LE(checksumOf("crc16-x25", file.subarray(0, -2)), file.length - 2);
  return file;
}
