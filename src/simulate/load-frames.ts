/**
 * Frames of the load generator, written by hand: one template per device, with the number and the
 * packet id put in place. The number is padded with blanks, which JSON allows, so that every
 * payload has the same size and the same number always gives the same bytes.
 */
import { bug } from "../core/errors.ts";
import { encodePublish } from "./mqtt-wire.ts";

const numberWidth = 10;

/** A JSON object around the number of an event. */
export interface NumberedObject {
  /** The text in front of the number: `{"n":`. */
  readonly head: string;
  /** The text behind it, without the last bracket: `,"temperature":-18.4`. */
  readonly tail: string;
}

export interface LoadPayload extends NumberedObject {
  readonly topic: string;
  /** Blanks fill the payload up to this; one that is longer by itself stays as it is. */
  readonly payloadBytes: number;
}

/** The packet id of a number. Valid as long as fewer than 65,535 are under way. */
export function packetIdOf(n: number): number {
  return ((n - 1) % 0xffff) + 1;
}

/** Gives the function that writes the PUBLISH frames of numbers `from` to `to` into one buffer. */
export function createFrameWriter(payload: LoadPayload): (from: number, to: number) => Buffer {
  const { topic, head, tail, payloadBytes } = payload;
  const blanks = payloadBytes - head.length - numberWidth - Buffer.byteLength(tail) - 1;
  const body = `${head}${" ".repeat(numberWidth)}${tail}${" ".repeat(Math.max(0, blanks))}}`;
  const template = encodePublish(topic, body, 0xffff, false);
  const payloadAt = template.length - Buffer.byteLength(body);
  const numberEnd = payloadAt + head.length + numberWidth;
  const packetIdAt = payloadAt - 2;
  if (template.readUInt16BE(packetIdAt) !== 0xffff) bug("the packet id is not where it must be");

  return (from, to) => {
    const frames = Buffer.allocUnsafe((to - from + 1) * template.length);
    let start = 0;
    for (let n = from; n <= to; n += 1) {
      frames.set(template, start);
      frames.writeUInt16BE(packetIdOf(n), start + packetIdAt);
      let digitAt = start + numberEnd;
      for (let rest = n; rest > 0; rest = Math.floor(rest / 10)) {
        digitAt -= 1;
        frames[digitAt] = 0x30 + (rest % 10);
      }
      start += template.length;
    }
    return frames;
  };
}
