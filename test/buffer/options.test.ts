import { describe, expect, it } from "vitest";
import { bufferOptions, segmentBytesOf } from "../../src/buffer/options.ts";

describe("bufferOptions", () => {
  it("has a default for everything", () => {
    expect(bufferOptions.parse({})).toEqual({
      max_bytes: 2 * 2 ** 30,
      min_free: 64 * 2 ** 20,
      on_full: "drop_oldest",
      hold_back: { time: 600_000, max_bytes: 256 * 2 ** 20 },
      commit_delay: 0,
      commit_max_bytes: 2 ** 20,
    });
  });

  it("names the bounds of what is too small or too large", () => {
    const { error } = bufferOptions.safeParse({ max_bytes: "1KiB", commit_delay: "2s" });
    expect(error?.issues.map(({ message }) => message)).toEqual([
      '"1KiB" is outside 1.0 MiB to 1.0 TiB',
      '"2s" is outside 0s to 1s',
    ]);
  });

  it("refuses fields it does not know", () => {
    expect(bufferOptions.safeParse({ max_byte: "1GiB" }).success).toBe(false);
  });
});

describe("segmentBytesOf()", () => {
  it("is an eighth of the buffer, and 64 MiB at most unless asked for more", () => {
    const mib = 2 ** 20;
    expect(segmentBytesOf(bufferOptions.parse({ max_bytes: "80MiB" }))).toBe(10 * mib);
    expect(segmentBytesOf(bufferOptions.parse({ max_bytes: "100GiB" }))).toBe(64 * mib);
    const large = bufferOptions.parse({ max_bytes: "100GiB", segment_bytes: "256MiB" });
    expect(segmentBytesOf(large)).toBe(256 * mib);
    const tooLarge = bufferOptions.parse({ max_bytes: "80MiB", segment_bytes: "64MiB" });
    expect(segmentBytesOf(tooLarge)).toBe(10 * mib);
  });
});
