/** Frames as devices and their manuals have them, with the settings that read them. */
import { describe, expect, it, test } from "vitest";
import { veDirect as veDirectCodec } from "../../../src/normalize/codecs/ve-direct.ts";
import { decode } from "../../../src/normalize/decode.ts";
import { framerOf, framesIn } from "./recording-ear.ts";

const nmea = {
  framing: "lines",
  checksum: { kind: "xor", written: "hex", from: 1, gap: 1 },
};
const dsmr = {
  framing: { kind: "telegram", start: "/", end: "!" },
  checksum: { kind: "crc16-arc", written: "hex" },
};
const d0 = { framing: { kind: "telegram", start: "/", end: "!" } };
const veDirect = {
  framing: { kind: "telegram", end: "\r\nChecksum\t", tail: 1 },
  checksum: { kind: "lrc" },
};
const pms = {
  framing: {
    kind: "header-checksum",
    start: { hex: "42 4d" },
    length: { at: 2, type: "u16", add: 4 },
  },
  checksum: { kind: "sum", size: 2 },
};
const sds011 = {
  framing: { kind: "header-checksum", start: { hex: "aa c0" }, length: 10, end: { hex: "ab" } },
  checksum: { kind: "sum", size: 1, from: 2, behind: 1 },
};

function textsIn(framing: Parameters<typeof framesIn>[0], bytes: string, pieceBytes?: number) {
  return framesIn(framing, Buffer.from(bytes, "latin1"), pieceBytes).frames.map(String);
}

describe("lines", () => {
  const gga = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";

  it("of NMEA are read with their checksum, and not with another", () => {
    expect(textsIn(nmea, `${gga}\r\n`)).toEqual([gga]);
    const wrong = framesIn(nmea, Buffer.from(`${gga.replace("545", "945")}\r\n`));
    expect(wrong).toMatchObject({ frames: [], damages: ["checksum"] });
  });

  it("end with CR, LF or both, and empty ones are none", () => {
    expect(textsIn({ framing: "lines" }, "a\rb\nc\r\n\r\n\n\rd\n")).toEqual(["a", "b", "c", "d"]);
  });

  it("of a scale stand between STX and ETX", () => {
    expect(textsIn({ framing: "lines" }, "\x02ST,GS,+  1.250kg\r\n\x03\x02US,GS\r")).toEqual([
      "ST,GS,+  1.250kg",
      "US,GS",
    ]);
  });

  it("with bytes that are no text are damaged, as those at the wrong speed are", () => {
    const { damages, frames } = framesIn(
      { framing: "lines" },
      Buffer.from("21.5\n21.\x005\n\xff\xfe\xf8\n21.6 °C\n", "latin1"),
    );
    expect(damages).toEqual(["no-text", "no-text", "no-text"]);
    expect(frames.map(String)).toEqual(["21.5"]);
  });

  it("are written with what the configuration says, and their checksum", () => {
    const { framer } = framerOf({ ...nmea, framing: { kind: "lines", write: "\n" } });
    expect(String(framer.wrap(Buffer.from(gga.slice(0, -2))))).toBe(`${gga}\n`);
  });
});

describe("a P1 telegram", () => {
  const body = [
    "/ISk5\\2MT382-1000",
    "",
    "1-3:0.2.8(50)",
    "0-0:1.0.0(170102192002W)",
    "0-0:96.1.1(4B384547303034303436333935353037)",
    "1-0:1.8.1(000004.426*kWh)",
    "1-0:1.8.2(000002.399*kWh)",
    "1-0:2.8.1(000002.444*kWh)",
    "1-0:2.8.2(000000.000*kWh)",
    "0-0:96.14.0(0002)",
    "1-0:1.7.0(00.244*kW)",
    "1-0:2.7.0(00.000*kW)",
    "0-0:96.7.21(00013)",
    "0-0:96.7.9(00000)",
    "1-0:99.97.0(0)(0-0:96.7.19)",
    "1-0:32.32.0(00000)",
    "1-0:52.32.0(00000)",
    "1-0:72.32.0(00000)",
    "1-0:32.36.0(00000)",
    "1-0:52.36.0(00000)",
    "1-0:72.36.0(00000)",
    "0-0:96.13.0()",
    "1-0:32.7.0(0230.0*V)",
    "1-0:52.7.0(0230.0*V)",
    "1-0:72.7.0(0229.0*V)",
    "1-0:31.7.0(0.48*A)",
    "1-0:51.7.0(0.44*A)",
    "1-0:71.7.0(0.86*A)",
    "1-0:21.7.0(00.070*kW)",
    "1-0:41.7.0(00.032*kW)",
    "1-0:61.7.0(00.142*kW)",
    "1-0:22.7.0(00.000*kW)",
    "1-0:42.7.0(00.000*kW)",
    "1-0:62.7.0(00.000*kW)",
    "0-1:24.1.0(003)",
    "0-1:96.1.0(3232323241424344313233343536373839)",
    "0-1:24.2.1(170102161005W)(00000.107*m3)",
    "0-2:24.1.0(003)",
    "0-2:96.1.0()",
    "!6EEE",
  ].join("\r\n");

  it("is read with its checksum, from / to the digits behind !", () => {
    expect(textsIn(dsmr, `${body}\r\n${body}\r\n`, 13)).toEqual([body, body]);
  });

  it("that lost its end costs itself alone", () => {
    const cut = body.slice(0, 300);
    const found = framesIn(dsmr, Buffer.from(`${body}\r\n${cut}${body}\r\n`));
    expect(found.frames.map(String)).toEqual([body, body]);
    expect(found.damages).toEqual(["cut"]);
  });

  it("with a wrong digit is damaged", () => {
    const found = framesIn(dsmr, Buffer.from(`${body.replace("0230", "0930")}\r\n${body}\r\n`));
    expect(found).toMatchObject({ damages: ["checksum"] });
    expect(found.frames.length).toBe(1);
  });
});

test("a telegram of IEC 62056-21 may be followed by what an adapter adds", () => {
  const telegram = "/ESY5Q3DA1004 V3.04\r\n\r\n1-0:1.8.0*255(00032549.5061662*kWh)\r\n!";
  const added = `${telegram}\r\n  25818685\r\n${"\xff".repeat(33)}\r\n`;
  const found = framesIn(d0, Buffer.from(added + added, "latin1"), 7);
  expect(found.frames.map(String)).toEqual([telegram, telegram]);
  expect(found.damages).toEqual([]);
});

describe("VE.Direct", () => {
  const fields =
    "\r\nPID\t0xA042\r\nFW\t112\r\nV\t12740\r\nI\t0\r\nVPV\t0\r\nPPV\t0\r\nCS\t0\r\nChecksum\t";
  const { framer } = framerOf(veDirect);
  const block = Buffer.from(framer.wrap(Buffer.from(fields)));

  it("is read in blocks whose sum is 0, whatever the byte is that makes it so", () => {
    expect(block.reduce((sum, byte) => sum + byte, 0) % 256).toBe(0);
    const found = framesIn(veDirect, Buffer.concat([block, block, block]), 5);
    expect(found.frames).toEqual([block, block, block]);
  });

  it("is joined in the middle of a block", () => {
    const found = framesIn(veDirect, Buffer.concat([block.subarray(20), block]), 5, false);
    expect(found.frames).toEqual([block]);
    expect(found.damages).toEqual([]);
  });

  it("is whole with messages in hex around it, which its own sum leaves out", () => {
    const heard = Buffer.concat([block, Buffer.from(":A0102000543\n"), block]);
    const found = framesIn({ framing: veDirect.framing }, heard, 7);
    expect(found.damages).toEqual([]);
    const read = found.frames.map((frame) => decode(veDirectCodec, frame, 0));
    const value = expect.objectContaining({ V: 12_740, I: 0 });
    expect(read).toEqual([
      { ok: true, value },
      { ok: true, value },
    ]);
  });
});

test.each([
  "424d001c0005000d00160005000d001602fd00fc001d000f00060006970003c5",
  "424d001c00000008000b00000008000b00b40039002e001e00000000970002a1",
])("a frame of a Plantower sensor is read: %s", (hex) => {
  const frame = Buffer.from(hex, "hex");
  expect(framesIn(pms, Buffer.concat([frame, frame])).frames).toEqual([frame, frame]);
  expect(framesIn(pms, Buffer.concat([frame.subarray(9), frame, frame]), 3, false)).toMatchObject({
    frames: [frame, frame],
    damages: [],
  });
});

test("a frame of a Nova sensor is read, whose checksum stands in front of its end", () => {
  const frame = Buffer.from("aac0d4043a0aa1601dab", "hex");
  expect(framesIn(sds011, Buffer.concat([frame, frame])).frames).toEqual([frame, frame]);
});

describe("SML", () => {
  /** Recorded from a meter by EMH: the end of one file, a whole one, the beginning of a third. */
  const recorded = Buffer.from(
    "691cbf621b520055000007270101016356ea007605007701bd620062007263020171016396bf000000001b1b1b1b1a031b83" +
      "1b1b1b1b010101017605007701be6200620072630101760107ffffffffffff050027ab400b0a01454d480000b8ef7972620165" +
      "01691cc0620163bf91007605007701bf62006200726307017707ffffffffffff0b0a01454d480000b8ef79070100620affff72" +
      "62016501691cc07577070100603201010101010104454d480177070100600100ff010101010b0a01454d480000b8ef79017707" +
      "0100010800ff641c81047262016501691cc0621e52ff690000000002a021180177070100020800ff017262016501691cc0621e" +
      "52ff6900000000000006110177070100100700ff017262016501691cc0621b5200550000072d01010163ebc5007605007701c0" +
      "62006200726302017101633256000000001b1b1b1b1a0359461b1b1b1b010101017605007701c16200620072630101760107ff",
    "hex",
  );
  const end = recorded.indexOf(Buffer.from("1b1b1b1b01010101", "hex"));
  const next = recorded.indexOf(Buffer.from("1b1b1b1b01010101", "hex"), end + 8);
  const file = recorded.subarray(end, next);

  it.each([1, 5, 400])("is joined in the middle, %i bytes at once", (pieceBytes) => {
    const found = framesIn({ framing: "sml" }, recorded, pieceBytes, false);
    expect(found.frames).toEqual([file]);
    expect(found.damages).toEqual([]);
  });

  it("that is damaged costs itself alone", () => {
    const random = [...file.keys()].filter((at) => at > 8 && at < file.length - 8 && at % 23 === 0);
    for (const at of random) {
      const damaged = Buffer.from(file);
      damaged[at] = (damaged[at] ?? 0) ^ 0x40;
      const found = framesIn({ framing: "sml" }, Buffer.concat([file, damaged, file]));
      expect(found.frames, `byte ${at}`).toEqual([file, file]);
      expect(found.damages).toEqual(["checksum"]);
    }
  });

  it("is looked through once, however long it is and however few bytes come at a time", () => {
    const endless = Buffer.concat([file.subarray(0, 8), Buffer.alloc(250_000)]);
    const long = { framing: "sml", maxBytes: 65_536 };
    const found = framesIn(long, Buffer.concat([endless, file]), 16);
    expect(found.frames).toEqual([file]);
    expect(found.damages).toEqual(["too-long"]);
  });

  it("that lost bytes or its end costs no other", () => {
    const cut = Buffer.concat([file.subarray(0, 60), file.subarray(63)]);
    const without = file.subarray(0, file.length - 9);
    const found = framesIn({ framing: "sml" }, Buffer.concat([file, cut, file, without, file]));
    expect(found.frames).toEqual([file, file, file]);
    expect(found.damages).toEqual(["cut", "cut"]);
  });
});

test("COBS and SLIP are those of their papers", () => {
  const cobs = framerOf({ framing: "cobs" }).framer;
  const pairs = [
    ["00", "0101"],
    ["0000", "010101"],
    ["001100", "01021101"],
    ["11220033", "0311220233"],
    ["11223344", "0511223344"],
    ["11000000", "0211010101"],
  ] as const;
  for (const [payload, coded] of pairs) {
    expect(Buffer.from(cobs.wrap(Buffer.from(payload, "hex"))).toString("hex")).toBe(`${coded}00`);
    const found = framesIn({ framing: "cobs" }, Buffer.from(`${coded}00`, "hex"));
    expect(found.frames.map((frame) => frame.toString("hex"))).toEqual([payload]);
  }
  for (const length of [253, 254, 255, 256, 508, 509, 600]) {
    const payload = Buffer.from(Array.from({ length }, (_, at) => (at % 255) + 1));
    const wrapped = Buffer.from(cobs.wrap(payload));
    expect(framesIn({ framing: "cobs" }, wrapped).frames, `${length} bytes`).toEqual([payload]);
  }
  const slip = framerOf({ framing: "slip" }).framer;
  const bytes = Buffer.from("c001dbdcdd", "hex");
  expect(Buffer.from(slip.wrap(bytes)).toString("hex")).toBe("c0dbdc01dbdddcddc0");
});

test("bytes that begin a frame over and over cost no more than their number", () => {
  const shape = {
    framing: { kind: "fixed", start: { hex: "a5" }, length: 4_000 },
    checksum: { kind: "crc32" },
    maxBytes: 4_096,
  };
  const found = framesIn(shape, Buffer.alloc(200_000, 0xa5), 16_384);
  expect(found.frames).toEqual([]);
});
