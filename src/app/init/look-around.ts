/** What a first configuration can be about: what is plugged into this machine, and who answers on it. */
import { hostname } from "node:os";
import { type PluggedPort, pluggedPorts } from "../../sources/lines/plugged-ports.ts";
import { probeServer } from "../../stream/probe-server.ts";
import { reach } from "../doctor/reach.ts";
import { systemClock } from "../system-clock.ts";

export interface Surroundings {
  /** A name for this machine, of its own. */
  readonly id: string;
  /** Where a broker of somebody else answers: `mqtt://127.0.0.1:1883`. */
  readonly broker: string | undefined;
  readonly natsServer: string | undefined;
  /** Serial ports that a device may be at. */
  readonly ports: readonly PluggedPort[];
}

const patienceMs = 1_000;
const here = "127.0.0.1";

export async function lookAround(): Promise<Surroundings> {
  const { signal } = new AbortController();
  const waiting = { clock: systemClock, patienceMs, signal };
  const natsServer = `nats://${here}:4222`;
  const [broker, nats, ports] = await Promise.all([
    reach({ host: here, port: 1_883 }, waiting),
    probeServer(natsServer, patienceMs, systemClock, signal).then(
      () => true,
      () => false,
    ),
    pluggedPorts(),
  ]);
  return {
    id: idOf(hostname()),
    broker: broker === undefined ? `mqtt://${here}:1883` : undefined,
    natsServer: nats ? natsServer : undefined,
    ports: ports.filter(({ isConsole, vendor }) => !isConsole && vendor !== undefined),
  };
}

/** `pi-4.local` as `pi-4`. */
function idOf(name: string): string {
  const [first = ""] = name.toLowerCase().split(".");
  return first.replace(/[^a-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "") || "gw1";
}
