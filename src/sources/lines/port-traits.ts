import { basename } from "node:path";

/** What a port cannot do, by what the system calls it. */
export interface PortTraits {
  /** A pseudo-terminal has no wire, and so no parity bit. */
  readonly hasParity: boolean;
  /** A device with a USB of its own takes what it likes: who waits until all is sent may wait for ever. */
  readonly holdsBack: boolean;
}

/** Of the port with this real path. */
export function traitsOf(realPath: string): PortTraits {
  return {
    hasParity: !realPath.startsWith("/dev/pts/"),
    holdsBack: basename(realPath).startsWith("ttyACM"),
  };
}
