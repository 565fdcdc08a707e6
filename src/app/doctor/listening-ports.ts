import type { DoctorSurroundings } from "./check.ts";
import { systemText } from "./system-text.ts";

const listening = "0A";

/**
 * The TCP ports at which somebody listens on this machine, as the kernel tells it: nothing is bound for
 * it, and nobody is called. Undefined where the system does not tell.
 */
export async function listeningPorts(
  around: Pick<DoctorSurroundings, "root">,
): Promise<ReadonlySet<number> | undefined> {
  const tables = await Promise.all(
    ["proc/net/tcp", "proc/net/tcp6"].map((path) => systemText(around, path)),
  );
  if (tables.every((table) => table === undefined)) return undefined;
  const ports = new Set<number>();
  for (const line of tables.flatMap((table) => table?.split("\n") ?? [])) {
    const [, port, state] = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) \S+ ([0-9A-F]{2})\s/.exec(line) ?? [];
    if (state === listening && port !== undefined) ports.add(Number.parseInt(port, 16));
  }
  return ports;
}
