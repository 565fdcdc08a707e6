/** What lines in the field do to frames, as people report it. */
import { describe, expect, it, test, vi } from "vitest";
import { frameCheck } from "../../../src/sources/serial/framers/check.ts";
import { IdleGap } from "../../../src/sources/serial/framers/idle-gap.ts";
import { checksumOptions } from "../../../src/sources/serial/framing-options.ts";
import { type Framing, framerOf, framesIn, RecordingEar } from "./recording-ear.ts";

const hex = (digits: string): Buffer => Buffer.from(digits.replace(/\s/g, ""), "hex");
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

const nmea = { framing: "lines", checksum: { kind: "xor", written: "hex", from: 1, gap: 1 } };
const sentence = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";
const pms: Framing = {
  framing: {
    kind: "length-prefix",
    start: { hex: "42 4d" },
    length: { at: 2, type: "u16", add: 4 },
  },
  checksum: { kind: "sum", size: 2 },
};
const reading = hex("424d001c0005000d00160005000d001602fd00fc001d000f00060006970003c5");

describe("a length that is damaged", () => {
  it("takes no frames with it, however many bytes it says", () => {
    const { ear, framer } = framerOf(pms);
    const damaged = Buffer.from(reading);
    damaged[2] = 0x0f;
    framer.take(Uint8Array.from(damaged));
    const found = Array.from({ length: 4 }, () => {
      framer.take(Uint8Array.from(reading));
      return ear.frames.length;
    });
    expect(found).toEqual([0, 2, 3, 4]);
    expect(ear.damages).toEqual(["cut"]);
  });

  it("has no byte behind it compared over and over, where each may begin a frame", () => {
    const compare = vi.spyOn(Buffer.prototype, "equals");
    const { framer } = framerOf(pms);
    const given = Buffer.alloc(2_048, 0x42);
    given.set(hex("42 4d 0f 00"));
    for (const byte of given) framer.take(Uint8Array.of(byte));
    expect(compare.mock.calls.length).toBeLessThan(10 * given.length);
    compare.mockRestore();
  });

  it.each([0xffff, 0x0000, 0x0001])("is one damage where it says %i", (value) => {
    const damaged = Buffer.from(reading);
    damaged.writeUInt16BE(value, 2);
    const found = framesIn(pms, Buffer.concat([reading, damaged, reading, reading]), 5);
    expect(found.frames).toEqual([reading, reading, reading]);
    expect(found.damages.length).toBe(1);
  });

  it("costs no long frame that comes in pieces and has the beginning of others in it", () => {
    const { ear, framer } = framerOf(pms);
    const body = Buffer.concat([
      hex("424d0fa0"),
      ...Array.from({ length: 250 }, () => hex("424d001c00")),
    ]);
    const long = Buffer.concat([body, Buffer.alloc(4_004 - body.length - 2)]);
    const sum = long.reduce((all, byte) => all + byte, 0) % 65_536;
    const frame = Buffer.concat([long, Buffer.from([sum >> 8, sum & 0xff])]);
    for (let at = 0; at < frame.length; at += 7)
      framer.take(Uint8Array.from(frame.subarray(at, at + 7)));
    expect(ear.frames).toEqual([frame]);
    expect(ear.damages).toEqual([]);
  });
});

describe("frames known by how they begin and end, as those of radars without a checksum", () => {
  const radar = {
    framing: {
      kind: "length-prefix",
      start: { hex: "f4 f3 f2 f1" },
      length: { at: 4, type: "u16", order: "little", add: 10 },
      end: { hex: "f8 f7 f6 f5" },
    },
  };
  const frame = hex("f4f3f2f1 0d00 02aa0251000000003b00005500 f8f7f6f5");

  it("are read, and found again behind a damaged end", () => {
    const damaged = Buffer.from(frame);
    damaged[frame.length - 1] = 0;
    const found = framesIn(radar, Buffer.concat([frame, damaged, frame]), 3);
    expect(found.frames).toEqual([frame, frame]);
    expect(found.damages).toEqual(["coding"]);
  });

  it("are written with their length and end", () => {
    const { framer } = framerOf(radar);
    expect(framer.wrap(frame.subarray(0, -4))).toEqual(frame);
  });

  it("may have one length", () => {
    const framing = { kind: "fixed", start: { hex: "aa ff" }, length: 6, end: { hex: "55 cc" } };
    const found = framesIn({ framing }, hex("aaff010255cc aaff0102aaff030455cc"));
    expect(found.hex).toEqual(["aaff010255cc", "aaff030455cc"]);
    expect(found.damages).toEqual(["coding"]);
  });
});

describe("batteries whose checksum is a sum of two bytes", () => {
  it("of JBD are read", () => {
    const framing = {
      kind: "header-checksum",
      start: { hex: "dd" },
      length: { at: 3, add: 7 },
      end: { hex: "77" },
    };
    const checksum = { kind: "lrc", size: 2, from: 2, behind: 1 };
    expect(framesIn({ framing, checksum }, hex("dda50300fffd77")).hex).toEqual(["dda50300fffd77"]);
  });

  it("of Pylontech are read, in hexadecimal digits", () => {
    const line = "~25014600602850313653313530412D31373930302D322E303557F571";
    const checksum = { kind: "lrc", size: 2, written: "hex", from: 1 };
    expect(
      framesIn({ framing: "lines", checksum }, latin1(`${line}\r`)).frames.map(String),
    ).toEqual([line]);
  });
});

test("a u-blox receiver is read in UBX, whose checksum is Fletcher's", () => {
  const framing = {
    kind: "header-checksum",
    start: { hex: "b5 62" },
    length: { at: 4, type: "u16", order: "little", add: 8 },
  };
  const checksum = { kind: "fletcher16-ubx", order: "little", from: 2 };
  const found = framesIn(
    { framing, checksum },
    Buffer.concat([latin1(`${sentence}\r\n`), hex("b5620a0400000e34")]),
  );
  expect(found.hex).toEqual(["b5620a0400000e34"]);
});

describe("bytes in front of a frame that stand for nothing", () => {
  const meter: Framing = {
    framing: {
      kind: "header-checksum",
      start: { hex: "68" },
      length: { at: 9, add: 12 },
      end: { hex: "16" },
    },
    checksum: { kind: "sum", behind: 1 },
  };
  const answer = hex("68 aaaaaaaaaaaa 68 91 04 33333435 64 16");
  answer[answer.length - 2] = answer.subarray(0, -2).reduce((sum, byte) => sum + byte, 0) & 0xff;

  it.each(["fefefefe", "fe", "00", "ffff"])("are no damage: %s", (filler) => {
    const bytes = Buffer.concat([hex(filler), answer, hex(filler), answer]);
    const found = framesIn(meter, bytes, 3);
    expect(found.frames).toEqual([answer, answer]);
    expect(found.damages).toEqual([]);
  });

  it("are told from those that do, and where there is no end to them", () => {
    expect(framesIn(meter, Buffer.concat([answer, hex("fe12"), answer])).damages).toEqual([
      "noise",
    ]);
    expect(framesIn({ ...meter, maxBytes: 64 }, Buffer.alloc(200)).damages).toEqual(["noise"]);
  });
});

test.each([
  [
    "of M-Bus",
    "68",
    { at: 1, add: 6 },
    "16",
    { kind: "sum", from: 4, behind: 1 },
    "6803036853febd0e16",
  ],
  ["of a MH-Z19", "ff86", 9, undefined, { kind: "lrc", from: 1 }, "ff8602604700000 0d1"],
] as const)("a frame %s is read", (_, start, length, end, checksum, frame) => {
  const ends = end === undefined ? {} : { end: { hex: end } };
  const framing = { kind: "header-checksum", start: { hex: start }, length, ...ends };
  const found = framesIn({ framing, checksum }, Buffer.concat([hex(frame), hex(frame)]), 2);
  expect(found.frames).toEqual([hex(frame), hex(frame)]);
});

describe("a line of text", () => {
  it.each(["\0", "\0\0", "\xff", "\xfe\x80\0"])(
    "is told by its checksum from what a driver that is switched on puts in front: %j",
    (glitch) => {
      const found = framesIn(nmea, latin1(`${sentence}\r\n${glitch}${sentence}\r\n`));
      expect(found.frames.map(String)).toEqual([sentence, sentence]);
      expect(found.damages).toEqual([]);
    },
  );

  it("without a checksum is damaged by it: what is missing in front may be a sign", () => {
    const found = framesIn({ framing: "lines" }, latin1("-21.5\r\n\x0021.5\r\n"));
    expect(found.frames.map(String)).toEqual(["-21.5"]);
    expect(found.damages).toEqual(["no-text"]);
  });

  it("between binary messages is read as a telegram", () => {
    const framing = { kind: "telegram", start: "$", end: "*", tail: 2 };
    const bytes = Buffer.concat([
      latin1(`${sentence}\r\n`),
      hex("b5620501020006010f38"),
      latin1(`${sentence}\r\n`),
    ]);
    const found = framesIn({ ...nmea, framing }, bytes);
    expect(found.frames.map(String)).toEqual([sentence, sentence]);
    expect(found.damages).toEqual([]);
  });
});

test("frames are handed over without their checksum, for codecs that know none", () => {
  const checksum = { kind: "crc8", written: "hex", gap: 1, keep: false };
  const line = { framing: "lines", checksum };
  const { framer } = framerOf({ framing: "lines", checksum: { ...checksum, gap: 0 } });
  const written = String(framer.wrap(Buffer.from("T=21.5;H=47.2")));
  const said = written.replace(/(..)\r\n$/, "*$1\r\n");
  expect(framesIn(line, latin1(said)).frames.map(String)).toEqual(["T=21.5;H=47.2"]);
  const binary = { kind: "header-checksum", start: "ab", length: 6, end: "z" };
  const summed = { kind: "sum", behind: 1, keep: false };
  expect(
    framesIn({ framing: binary, checksum: summed }, latin1("ab12\x26z")).frames.map(String),
  ).toEqual(["ab12"]);
});

describe("frames told apart by silence", () => {
  const bus = {
    framing: { kind: "idle-gap", gap_ms: 20 },
    checksum: { kind: "crc16-modbus", order: "little" },
  };

  it("are told apart by their checksum where they were read as one", () => {
    const found = framesIn(bus, hex("010300000001840a 0103020000b844 010300000001840a"));
    expect(found.hex).toEqual(["010300000001840a", "0103020000b844", "010300000001840a"]);
    expect(found.damages).toEqual([]);
  });

  it("are damaged where not all of it is frames", () => {
    const found = framesIn(bus, hex("010300000001840a ff 0103020000b844"));
    expect(found).toMatchObject({ frames: [], damages: ["checksum"] });
  });
});

describe("frames that are coded", () => {
  it("and hold nothing are none", () => {
    expect(framesIn({ framing: "cobs" }, hex("00 0100 0100 0211 00")).hex).toEqual(["11"]);
    expect(framesIn({ framing: "slip" }, hex("c0 c0 c0 01 c0 c0")).hex).toEqual(["01"]);
  });

  it("are whole with the last block written in either way", () => {
    const full = Buffer.alloc(254, 5);
    for (const tail of ["00", "01 00"])
      expect(
        framesIn({ framing: "cobs" }, Buffer.concat([hex("ff"), full, hex(tail)])).frames,
      ).toEqual([full]);
  });

  it("are damaged where a block reaches beyond the end, or nothing is escaped", () => {
    expect(framesIn({ framing: "cobs" }, hex("05112200 0211 00"))).toMatchObject({
      ...{ hex: ["11"], damages: ["coding"] },
    });
    expect(framesIn({ framing: "slip" }, hex("c0 01db c0 01db05 c0 02 c0"))).toMatchObject({
      ...{ hex: ["02"], damages: ["coding", "coding"] },
    });
  });

  it("are read without the END in front, and what was heard before it costs none", () => {
    expect(framesIn({ framing: "slip" }, hex("01 c0 02 c0")).hex).toEqual(["01", "02"]);
    const found = framesIn({ framing: "slip", checksum: { kind: "sum" } }, hex("7788 c0 0101 c0"));
    expect(found.hex).toEqual(["0101"]);
  });
});

test("zeros fit many a checksum at any length, and are not tried at all of them", () => {
  const check = frameCheck(checksumOptions.parse({ kind: "crc16-xmodem" }));
  let triedBytes = 0;
  const fits = (frame: Uint8Array): boolean => {
    triedBytes += frame.length;
    return check.fits(frame);
  };
  const ear = new RecordingEar();
  const setting = { maxBytes: 4_096, check: { ...check, fits }, ear };
  const framer = new IdleGap(setting, { gapMs: 20 });
  framer.begin(true);
  framer.take(Buffer.concat([Buffer.alloc(256), Buffer.alloc(256, 0x5a)]));
  framer.quiet();
  expect(ear.damages).toEqual(["checksum"]);
  expect(triedBytes).toBeLessThan(2 ** 20);
});
