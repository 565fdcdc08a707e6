import { type FramerOptions, openFramer } from "./open-framer.ts";

/**
 * Tells what the framing makes of the bytes of a question. Optical heads and buses of two wires bring
 * those back in front of the answer, and they are none.
 */
export function echoOf(send: Uint8Array, options: FramerOptions): (payload: Uint8Array) => boolean {
  const made: Buffer[] = [];
  const keep = (payload: Uint8Array): void => void made.push(Buffer.from(payload));
  const framer = openFramer(options, { frame: keep, damaged: keep });
  framer.begin(true);
  framer.take(send);
  framer.quiet();
  framer.end();
  return (payload) => made.some((echo) => echo.equals(payload));
}
