import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Batch } from "../../../src/buffer/batch.ts";
import {
  appendedMsAt,
  classAt,
  frameBytesAt,
  frameHeaderBytes,
  isHeaderValid,
  isPayloadValid,
  payloadBytesAt,
  sealFrames,
  seqAt,
  typeAt,
} from "../../../src/buffer/format/frame.ts";
import { bodyStart, deliveryAt, identityAt, tokenAt } from "../../../src/buffer/format/payload.ts";
import type { RecordDraft } from "../../../src/core/record-draft.ts";

const seed = 0x12345678;
const identity = { counter: 2 ** 52 + 1, boot: 0xfedcba98, hash: 0xffffffff };
const delivery = {
  session: "00112233445566778899aabbccddeeff",
  packetId: 65_535,
  hash: 0x89abcdef,
};

function sealedFrame(text: string, seq = 7, withIdentity = true, withDelivery = true): Buffer {
  const batch = new Batch();
  const draft: RecordDraft = {
    kind: "watermark",
    recordClass: "alarm",
    deviceToken: "a=20b",
    identity: withIdentity ? identity : undefined,
    delivery: withDelivery ? delivery : undefined,
    tail: "",
  };
  batch.add(seq, 1_795_000_000_123, draft, text);
  sealFrames(batch.buffer, 0, batch.bytes, seed);
  return Buffer.from(batch.buffer.subarray(0, batch.bytes));
}

describe("a frame", () => {
  it("gives back everything that was put in, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        fc.boolean(),
        fc.boolean(),
        (text, seq, withIdentity, withDelivery) => {
          const frame = sealedFrame(text, seq, withIdentity, withDelivery);
          const payloadEnd = frameHeaderBytes + payloadBytesAt(frame, 0);
          expect(isHeaderValid(frame, 0, seed) && isPayloadValid(frame, 0)).toBe(true);
          expect(frame.length).toBe(frameBytesAt(frame, 0));
          expect(frame.length % 8).toBe(0);
          expect([seqAt(frame, 0), typeAt(frame, 0), classAt(frame, 0)]).toEqual([seq, 5, "alarm"]);
          expect(appendedMsAt(frame, 0)).toBe(1_795_000_000_123);
          expect(tokenAt(frame, frameHeaderBytes)).toBe("a=20b");
          expect(identityAt(frame, frameHeaderBytes)).toEqual(withIdentity ? identity : undefined);
          expect(deliveryAt(frame, frameHeaderBytes)).toEqual(withDelivery ? delivery : undefined);
          const body = frame.subarray(bodyStart(frame, frameHeaderBytes), payloadEnd);
          expect(body.toString()).toBe(Buffer.from(text).toString());
        },
      ),
    );
  });

  it("notices any flipped bit, but in the padding", () => {
    const frame = sealedFrame("some text");
    const end = frameHeaderBytes + payloadBytesAt(frame, 0);
    for (let bit = 0; bit < end * 8; bit += 1) {
      const damaged = Buffer.from(frame);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const headerHolds = isHeaderValid(damaged, 0, seed);
      expect(headerHolds && isPayloadValid(damaged, 0)).toBe(false);
      expect(headerHolds).toBe(bit >> 3 >= 28);
    }
  });

  it("is not taken for one of another segment", () => {
    expect(isHeaderValid(sealedFrame("x"), 0, seed + 1)).toBe(false);
  });

  it("does not take the payload of another seq, though both are whole", () => {
    const mixed = Buffer.concat([
      sealedFrame("same size", 7).subarray(0, frameHeaderBytes),
      sealedFrame("SAME SIZE", 8).subarray(frameHeaderBytes),
    ]);
    sealedFrame("SAME SIZE", 8).copy(mixed, 28, 28, 32);
    expect(isHeaderValid(mixed, 0, seed)).toBe(true);
    expect(isPayloadValid(mixed, 0)).toBe(false);
  });

  it("can be sealed again for another segment", () => {
    const frame = sealedFrame("again");
    sealFrames(frame, 0, frame.length, 99);
    expect(isHeaderValid(frame, 0, seed)).toBe(false);
    expect(isHeaderValid(frame, 0, 99) && isPayloadValid(frame, 0)).toBe(true);
  });

  it("is never found in zeros", () => {
    expect(isHeaderValid(Buffer.alloc(64), 0, 0)).toBe(false);
  });
});

describe("Batch", () => {
  it("grows with its records and forgets them when it is used again", () => {
    const batch = new Batch();
    const text = "ä".repeat(40_000);
    const facts = { kind: "measurement", recordClass: "telemetry", deviceToken: "d" } as const;
    for (let seq = 1; seq <= 5; seq += 1) batch.add(seq, 1, { ...facts, tail: "" }, text);
    sealFrames(batch.buffer, 0, batch.bytes, seed);
    let count = 0;
    for (let at = 0; at < batch.bytes; at += frameBytesAt(batch.buffer, at)) {
      expect(isHeaderValid(batch.buffer, at, seed) && isPayloadValid(batch.buffer, at)).toBe(true);
      count += 1;
    }
    expect(count).toBe(5);
    expect(batch.tally.records).toEqual([0, 5, 0, 0]);
    batch.reset();
    expect([batch.bytes, batch.tally.recordCount]).toEqual([0, 0]);
  });
});
