import type { LineEar } from "./byte-line.ts";

const iac = 0xff;
/** SB, WILL, WONT, DO, DONT: one of them is the second byte of what a telnet server says first. */
const [least, most] = [0xfa, 0xfe];

/** The ear, and words for where a serial server greets as telnet does: it adds bytes and doubles others. */
export function hearingTelnet(path: string, ear: LineEar, warn: (words: string) => void): LineEar {
  let isFirst = true;
  return {
    data(bytes) {
      const [first, second = 0] = bytes;
      if (isFirst && first === iac && second >= least && second <= most)
        warn(
          `${path} speaks telnet, which changes bytes: make its server raw (ser2net: accepter: tcp,..., not telnet,tcp,...)`,
        );
      isFirst = false;
      ear.data(bytes);
    },
    closed: (reason) => ear.closed(reason),
  };
}
