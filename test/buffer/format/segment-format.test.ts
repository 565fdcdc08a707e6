import { describe, expect, it } from "vitest";
import { checksum } from "../../../src/buffer/format/checksum.ts";
import {
  formatFooter,
  isSectionValid,
  parseLosses,
  parseTrailer,
  trailerBytes,
} from "../../../src/buffer/format/segment-footer.ts";
import {
  firstSeqOfName,
  formatSegmentHeader,
  framesFrom,
  headerCopy,
  parseHeaderCopy,
  parseSegmentHeader,
  type SegmentHeader,
  segmentHeaderBytes,
  segmentName,
  segmentVersion,
} from "../../../src/buffer/format/segment-header.ts";
import { Tally } from "../../../src/buffer/format/tally.ts";
import { toRunId, toSeq } from "../../../src/core/ids.ts";

const uuid = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const header: SegmentHeader = {
  uuid,
  gatewayHash: "0123456789abcdef",
  run: toRunId("k3f9q2aa"),
  firstSeq: toSeq(2 ** 40 + 5),
  previousSeq: toSeq(2 ** 40 + 4),
  supersedesSeq: toSeq(17),
  createdWallMs: 1_795_000_000_123,
  createdMonotonicMs: 1234.5,
  bootId: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0",
  keyId: 0,
  sparse: true,
};

describe("the header of a segment", () => {
  it("comes back as it was written", () => {
    const bytes = formatSegmentHeader(header);
    expect(bytes.length).toBe(segmentHeaderBytes);
    expect(parseSegmentHeader(bytes)).toEqual({ kind: "header", header });
  });

  it("stands twice where records are encrypted, on another page, and says with which key", () => {
    const bytes = formatSegmentHeader({ ...header, keyId: 0xfedcba98 });
    expect(bytes.length).toBe(framesFrom(1));
    const finding = { kind: "header", header: { ...header, keyId: 0xfedcba98 } };
    expect(parseSegmentHeader(bytes)).toEqual(finding);
    const { at, bytes: size } = headerCopy;
    expect(at).toBeGreaterThanOrEqual(4096);
    expect(parseHeaderCopy(bytes.subarray(at, at + size))).toEqual(finding);
    const plain = formatSegmentHeader(header);
    expect(parseHeaderCopy(plain)).toEqual({ kind: "damaged" });
  });

  it("is damaged when any byte differs or some are missing", () => {
    const bytes = formatSegmentHeader(header);
    for (let at = 0; at < bytes.length; at += 1) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x40;
      expect(parseSegmentHeader(damaged).kind).toBe("damaged");
    }
    expect(parseSegmentHeader(bytes.subarray(0, 127)).kind).toBe("damaged");
  });

  it("of a later version is known as such", () => {
    const bytes = formatSegmentHeader(header);
    bytes.writeUInt16LE(segmentVersion + 1, 8);
    bytes.writeUInt32LE(checksum(bytes, 0, 124, 0), 124);
    expect(parseSegmentHeader(bytes)).toEqual({ kind: "newer", version: segmentVersion + 1 });
  });
});

describe("the name of a segment", () => {
  it("sorts by its first seq and gives it back", () => {
    expect(segmentName(42)).toBe("00000000000000000042.seg");
    expect(firstSeqOfName(segmentName(42))).toBe(42);
    expect(firstSeqOfName("42.seg")).toBeUndefined();
    expect(firstSeqOfName("cursor")).toBeUndefined();
  });
});

describe("the footer of a segment", () => {
  const tally = new Tally();
  tally.add(5, 1_000, 0, 64);
  tally.add(6, 1_001, 2, 96);
  tally.addGap([
    {
      run: header.run,
      from: toSeq(1),
      to: toSeq(4),
      count: 4,
      class: "state",
      reason: "dropped-full",
    },
  ]);
  const identities = Buffer.from("identities");
  const footer = formatFooter({ uuid, run: header.run, tally }, 288, identities);
  const fileBytes = 288 + footer.length;

  it("says what is in the segment and where its parts are", () => {
    const trailer = parseTrailer(footer.subarray(-trailerBytes), fileBytes);
    if (!trailer) throw new Error("no trailer");
    const part = ({ at, bytes }: { at: number; bytes: number }): Buffer =>
      footer.subarray(at - 288, at - 288 + bytes);
    expect(isSectionValid(trailer.identities, part(trailer.identities))).toBe(true);
    expect(part(trailer.identities).toString()).toBe("identities");
    expect(parseLosses(trailer.losses, part(trailer.losses))).toEqual(tally.gaps);
    expect({ ...trailer.tally }).toEqual({ ...tally, gaps: [], gapRecords: 0 });
    expect([trailer.run, trailer.framesEnd, trailer.uuid]).toEqual([header.run, 288, uuid]);
  });

  it("is not one when a byte differs or it stands at another place", () => {
    const trailer = footer.subarray(-trailerBytes);
    expect(parseTrailer(trailer, fileBytes + 8)).toBeUndefined();
    for (let at = 0; at < trailerBytes; at += 1) {
      const damaged = Buffer.from(trailer);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(parseTrailer(damaged, fileBytes)).toBeUndefined();
    }
  });
});
