/** A network of two: this machine and one guest. Nobody else is on it. */
import { runFile } from "./disk-image.ts";

export interface TapNetwork {
  /** For `bootMachine`. */
  readonly device: string;
  readonly guestAddress: string;
}

/** Runs `work` with a tap device of its own; takes root. The guest's address is given, not set. */
export async function withTapNetwork<T>(work: (network: TapNetwork) => Promise<T>): Promise<T> {
  // Addresses for benches (RFC 2544), that no machine on a real network has.
  const subnet = `198.18.${process.pid % 250}`;
  const name = `sluice${process.pid % 1_000_000}`;
  await runFile("ip", ["tuntap", "add", "dev", name, "mode", "tap"]);
  try {
    await runFile("ip", ["addr", "add", `${subnet}.1/30`, "dev", name]);
    await runFile("ip", ["link", "set", name, "up"]);
    // The guest keeps its hardware address over boots, as a real machine does.
    const device = `${name},fe:fd:00:00:00:02`;
    return await work({ device, guestAddress: `${subnet}.2` });
  } finally {
    await runFile("ip", ["tuntap", "del", "dev", name, "mode", "tap"]);
  }
}
