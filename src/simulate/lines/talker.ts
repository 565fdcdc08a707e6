/** Devices that speak by themselves: a reading every so often, in a frame or several. */
import type { LineDevice, LineFrame, LinePort, LineSurroundings } from "./line-family.ts";

/** The frames of a reading. */
export type FramesOf = (number: number, surroundings: LineSurroundings) => readonly LineFrame[];

/** How a family of talkers is opened. */
export function talker(
  framesOf: FramesOf,
): (port: LinePort, surroundings: LineSurroundings) => LineDevice {
  return (port, surroundings) => {
    const { clock, everyMs } = surroundings;
    const next = () => clock.setTimer(everyMs, speak);
    let timer = next();
    function speak(): void {
      timer = next();
      const number = surroundings.nextNumber();
      for (const frame of framesOf(number, surroundings)) port.write({ number, ...frame });
    }
    return { off: () => timer.cancel() };
  };
}
