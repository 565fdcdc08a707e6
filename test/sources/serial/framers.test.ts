/** What every framing promises, held against all of them. */
import { describe, expect, it } from "vitest";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { type Framing, framerOf, framesIn } from "./recording-ear.ts";

interface Trial extends Framing {
  /** Payloads as they are written; each of 20 bytes and the same in all places but one. */
  readonly payload: (at: number) => Buffer;
  /** Bytes at the beginning and the end that tell frames apart: damage there may cost two. */
  readonly marks: readonly [front: number, back: number];
  /** Values that would be taken for a mark. */
  readonly marking: readonly number[];
  /** Silence is what ends a frame. */
  readonly isTimed?: boolean;
}

const crc = { kind: "crc32" };
const binary = (at: number): Buffer =>
  Buffer.from([at, 1, 2, 0, 0xff, 0xc0, 0xdb, 0x0a, 9, 9, 9, 9]);
const text = (at: number): Buffer => Buffer.from(`t=${String(at).padStart(4, "0")} h=47.10`);
const headed = (at: number): Buffer => Buffer.concat([Buffer.from("a55a0c", "hex"), binary(at)]);

const trials: Readonly<Record<string, Trial>> = {
  lines: {
    framing: "lines",
    checksum: { ...crc, written: "hex" },
    payload: text,
    marks: [0, 2],
    marking: [0x0a, 0x0d],
  },
  delimiter: {
    framing: { kind: "delimiter", end: { hex: "03 04" } },
    checksum: { ...crc, written: "hex" },
    payload: (at) => Buffer.from(`<${at}> 47.10`),
    marks: [0, 2],
    marking: [3, 4],
  },
  fixed: {
    framing: { kind: "fixed", length: 19, start: { hex: "a55a" } },
    checksum: crc,
    payload: headed,
    marks: [2, 0],
    marking: [0xa5, 0x5a],
  },
  "length-prefix": {
    framing: {
      kind: "length-prefix",
      start: { hex: "a55a" },
      length: { at: 2, type: "u8", add: 7 },
    },
    checksum: crc,
    payload: headed,
    marks: [3, 0],
    marking: [0xa5, 0x5a],
  },
  "header-checksum": {
    framing: {
      kind: "header-checksum",
      start: { hex: "a55a" },
      length: { at: 2, type: "u8", add: 8 },
      end: { hex: "7d" },
    },
    checksum: { ...crc, behind: 1 },
    payload: headed,
    marks: [3, 0],
    marking: [0xa5, 0x5a],
  },
  "idle-gap": {
    framing: { kind: "idle-gap", gap_ms: 20 },
    checksum: crc,
    payload: binary,
    marks: [0, 0],
    marking: [],
    isTimed: true,
  },
  telegram: {
    framing: { kind: "telegram", start: "/", end: "!" },
    checksum: { kind: "crc16-arc", written: "hex" },
    payload: (at) => Buffer.from(`/XYZ5\\meter\r\n\r\n1-0:1.8.0(${at})\r\n!`),
    marks: [1, 7],
    marking: [0x2f, 0x21],
  },
  slip: { framing: "slip", checksum: crc, payload: binary, marks: [1, 1], marking: [0xc0] },
  cobs: { framing: "cobs", checksum: crc, payload: binary, marks: [1, 1], marking: [0] },
};

/** Written as a frame; a telegram's writer ends its line himself. */
function frameOf(trial: Trial, at: number): Buffer {
  const { framer } = framerOf(trial);
  const frame = Buffer.from(framer.wrap(trial.payload(at)));
  return trial.marks[1] === 7 ? Buffer.concat([frame, Buffer.from("\r\n")]) : frame;
}

describe.each(Object.entries(trials))("the framing %s", (_name, trial) => {
  const frames = Array.from({ length: 10 }, (_, at) => frameOf(trial, at));
  const contents = frames.map((frame) => framesIn(trial, frame).hex[0] ?? "");

  /** Gives frames one after the other; silence between them where that means something. */
  function heard(given: readonly Buffer[], isQuiet = true) {
    const { ear, framer } = framerOf(trial);
    framer.begin(isQuiet);
    for (const frame of given) {
      framer.take(Uint8Array.from(frame));
      if (trial.isTimed) framer.quiet();
    }
    if (framer.quietMs !== undefined) framer.quiet();
    return ear;
  }

  it("reads what it writes", () => {
    expect(new Set(contents).size).toBe(frames.length);
    for (const [at, content] of contents.entries()) {
      const payload = trial.payload(at).toString("hex");
      // Framings that say their length fill it in.
      expect(content.slice(6, payload.length)).toBe(payload.slice(6));
    }
  });

  it.skipIf(trial.isTimed)("finds the same frames however the bytes are cut into reads", () => {
    const bytes = Buffer.concat(frames);
    for (const pieceBytes of [1, 2, 3, 7, 64, bytes.length]) {
      const found = framesIn(trial, bytes, pieceBytes);
      expect(found.hex, `${pieceBytes} bytes at once`).toEqual(contents);
      expect(found.damages).toEqual([]);
    }
  });

  it("takes what comes in the middle of a frame for neither a frame nor damage", () => {
    const [first = Buffer.alloc(0), ...others] = frames;
    for (let from = 1; from < first.length; from += 1) {
      const found = heard([first.subarray(from), ...others], false);
      expect(found.damages, `from byte ${from}`).toEqual([]);
      // Half of a mark in front of a frame joins it to what was cut.
      expect(found.hex.slice(1 - others.length)).toEqual(contents.slice(2));
      expect(contents).toEqual(expect.arrayContaining(found.hex));
    }
  });

  it("counts one damage for each frame with a damaged byte, and finds the next", () => {
    const random = createSeededRandom("one byte");
    const [front, back] = trial.marks;
    for (let round = 0; round < 80; round += 1) {
      const victim = Math.floor(random() * (frames.length - 1));
      const damaged = Buffer.from(frames[victim] ?? "");
      const at = front + Math.floor(random() * (damaged.length - front - back));
      const was = damaged[at] ?? 0;
      const value = Math.floor(random() * 256);
      if (value === was || trial.marking.includes(value) || trial.marking.includes(was)) continue;
      damaged[at] = value;
      const found = heard(frames.with(victim, damaged));
      expect(found.hex, `${was} to ${value} at ${at}`).toEqual(
        contents.filter((_, one) => one !== victim),
      );
      expect(found.damages.length, `${was} to ${value} at ${at}: ${found.damages}`).toBe(1);
    }
  });

  it("loses no more than two frames to any damage and any cut, and never takes a wrong one", () => {
    const random = createSeededRandom("cuts");
    for (let round = 0; round < 100; round += 1) {
      const victim = 1 + Math.floor(random() * (frames.length - 5));
      const whole = frames[victim] ?? Buffer.alloc(0);
      const from = Math.floor(random() * whole.length);
      const cut = Buffer.concat([
        whole.subarray(0, from),
        Buffer.from(Array.from({ length: random() * 4 }, () => Math.floor(random() * 256))),
        whole.subarray(from + 1 + Math.floor(random() * 8)),
      ]);
      const found = heard(frames.with(victim, cut));
      expect(contents).toEqual(expect.arrayContaining(found.hex));
      const lost = contents.length - new Set(found.hex).size;
      expect(lost, `cut at ${from}`).toBeLessThanOrEqual(2);
    }
  });

  it("says of a frame longer than the maximum that it is, once, and reads the next", () => {
    const random = createSeededRandom("long");
    const long = Buffer.from(
      Array.from({ length: 300 }, () => {
        const byte = 0x30 + Math.floor(random() * 10);
        return trial.marking.includes(byte) ? 0x39 : byte;
      }),
    );
    const [start, end] = [frames[0] ?? Buffer.alloc(0), frames[1] ?? Buffer.alloc(0)];
    const given = Buffer.concat([start.subarray(0, start.length / 2), long, end]);
    const { ear, framer } = framerOf({ ...trial, maxBytes: 64 });
    for (const byte of given) framer.take(Uint8Array.of(byte));
    framer.quiet();
    framer.take(Uint8Array.from(Buffer.concat(frames.slice(2, 3))));
    framer.quiet();
    expect(ear.hex.at(-1)).toEqual(contents[2]);
    expect(ear.damages.length).toBeGreaterThanOrEqual(1);
    expect(ear.damages.length).toBeLessThanOrEqual(3);
    for (const sample of ear.samples) expect(sample.length).toBeLessThanOrEqual(64);
  });

  it.skipIf(trial.isTimed)("says so where bytes come without end and never make a frame", () => {
    const { ear, framer } = framerOf({ ...trial, maxBytes: 64 });
    framer.begin(false);
    for (let at = 0; at < 300; at += 1) framer.take(Uint8Array.of(0x80 + (at % 0x20)));
    expect(ear.frames).toEqual([]);
    expect(ear.damages.length).toBeGreaterThanOrEqual(1);
    framer.take(Uint8Array.from(Buffer.concat(frames.slice(0, 3))));
    if (framer.quietMs !== undefined) framer.quiet();
    expect(ear.hex.at(-1)).toBe(contents[2]);
  });

  it("calls a frame cut that had begun when the line went", () => {
    const { ear, framer } = framerOf(trial);
    const frame = frames[0] ?? Buffer.alloc(0);
    framer.take(Uint8Array.from(frame.subarray(0, frame.length - Math.max(3, trial.marks[1] + 1))));
    framer.end();
    expect(ear.frames).toEqual([]);
    expect(ear.damages.length).toBe(1);
    framer.begin(true);
    framer.take(Uint8Array.from(frame));
    framer.quiet();
    expect(ear.hex).toEqual([contents[0]]);
  });

  it("finds its frames between any noise", () => {
    const random = createSeededRandom("noise");
    const { ear, framer } = framerOf({ ...trial, maxBytes: 256 });
    for (let round = 0; round < 60; round += 1) {
      const length = Math.floor(random() * 600);
      framer.take(Uint8Array.from({ length }, () => Math.floor(random() * 256)));
      if (framer.quietMs !== undefined) framer.quiet();
    }
    expect(ear.frames).toEqual([]);
    for (const frame of frames.slice(0, 4)) {
      framer.take(Uint8Array.from(frame));
      framer.quiet();
    }
    expect(ear.hex.at(-1)).toEqual(contents[3]);
  });
});
