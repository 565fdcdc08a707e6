import { writeSync } from "node:fs";

/**
 * Gives a listener of PUBACKs that prints `ACKED <device> <n>` before the next turn of the event
 * loop: everything up to `n` of that device is acknowledged.
 */
export function printAcks(nameOf: (device: string) => string): (device: string, n: number) => void {
  const highest = new Map<string, number>();
  const print = (): void => {
    let lines = "";
    for (const [device, n] of highest) lines += `ACKED ${nameOf(device)} ${n}\n`;
    highest.clear();
    writeSync(process.stdout.fd, lines);
  };
  return (device, n) => {
    if (highest.size === 0) setImmediate(print);
    highest.set(device, n);
  };
}
