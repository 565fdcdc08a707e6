import { type Checksum, checksumIn } from "../../../core/checksums.ts";
import type { FrameCheck } from "./framer.ts";

/** Where the checksum of a frame stands, and of what it is. */
export interface CheckLayout {
  readonly kind: Checksum;
  /** Of the checksum, in bytes. */
  readonly size: 1 | 2 | 4;
  /** `hex`: as digits, two for each byte. */
  readonly written: "bytes" | "hex";
  readonly order: "big" | "little";
  /** Bytes in front that it does not cover. */
  readonly from: number;
  /** Bytes between what it covers and itself. */
  readonly gap: number;
  /** Bytes behind it. */
  readonly behind: number;
}

/** How many bytes a checksum has, where it is not written. */
export function usualSize(kind: Checksum): 1 | 2 | 4 {
  return kind === "crc32" ? 4 : kind.includes("16") ? 2 : 1;
}

/** A checksum of a layout, for frames of a framing. `tail`: what is written behind it. */
export function frameCheck(layout: CheckLayout, tail: Uint8Array = new Uint8Array()): FrameCheck {
  const { behind, from, gap, kind, order, size, written } = layout;
  const width = written === "hex" ? 2 * size : size;
  const read = (field: Uint8Array): number => {
    if (written === "hex") {
      const text = Buffer.from(field).toString("latin1");
      return /^[0-9a-fA-F]+$/.test(text) ? Number.parseInt(inOrder(text), 16) : Number.NaN;
    }
    let value = 0;
    for (let at = 0; at < size; at += 1)
      value = value * 256 + (field[order === "big" ? at : size - 1 - at] ?? 0);
    return value;
  };
  const inOrder = (digits: string): string =>
    order === "big" ? digits : (digits.match(/../g) ?? []).reverse().join("");
  const sumOf = (covered: Uint8Array): number => checksumIn(kind, covered, size);
  return {
    bytes: size,
    fits(frame) {
      const at = frame.length - behind - width;
      if (at - gap < from) return false;
      return read(frame.subarray(at, at + width)) === sumOf(frame.subarray(from, at - gap));
    },
    bare: (frame) => frame.subarray(0, frame.length - behind - width - gap),
    added(payload) {
      const sum = sumOf(payload.subarray(from, Math.max(from, payload.length - gap)));
      const digits = inOrder(sum.toString(16).padStart(2 * size, "0"));
      const field = written === "hex" ? digits.toUpperCase() : Buffer.from(digits, "hex");
      return Buffer.concat([payload, Buffer.from(field), tail]);
    },
  };
}
