/** What a first configuration can be about: what is plugged into this machine, and who answers on it. */
import { hostname } from "node:os";
import { type PluggedPort, pluggedPorts } from "../../sources/lines/plugged-ports.ts";
import { probeServer } from "../../stream/probe-server.ts";
import { systemClock } from "../system-clock.ts";
import { findBroker } from "./find-broker.ts";

export interface Surroundings {
  /** A name for this machine, of its own. */
  readonly id: string;
  /** Where a broker of somebody else answers: `mqtt://127.0.0.1:1883`. */
  readonly broker: string | undefined;
  /** What has the port of MQTT and is no broker, in words. */
  readonly noBroker: string | undefined;
  /** Where a broker of our own can listen. */
  readonly brokerPort: number;
  readonly natsServer: string | undefined;
  /** Serial ports that a device may be at. */
  readonly ports: readonly PluggedPort[];
}

const patienceMs = 1_000;
const here = "127.0.0.1";
const mqttPort = 1_883;
/** For a broker of our own where somebody has the usual one. */
const otherPort = 1_884;

export async function lookAround(): Promise<Surroundings> {
  const { signal } = new AbortController();
  const natsServer = `nats://${here}:4222`;
  const [owner, nats, ports] = await Promise.all([
    findBroker({ host: here, port: mqttPort }, { clock: systemClock, patienceMs }),
    probeServer(natsServer, patienceMs, systemClock, signal).then(
      () => true,
      () => false,
    ),
    pluggedPorts(),
  ]);
  return {
    id: idOf(hostname()),
    broker: owner?.isBroker ? `mqtt://${here}:${mqttPort}` : undefined,
    noBroker: owner && !owner.isBroker ? `${here}:${mqttPort} is taken: ${owner.said}` : undefined,
    brokerPort: owner === undefined ? mqttPort : otherPort,
    natsServer: nats ? natsServer : undefined,
    ports: ports.filter(({ isConsole, vendor }) => !isConsole && vendor !== undefined),
  };
}

/** `pi-4.local` as `pi-4`. */
function idOf(name: string): string {
  const [first = ""] = name.toLowerCase().split(".");
  return first.replace(/[^a-z0-9_-]+/g, "-").replace(/^-+|-+$/g, "") || "gw1";
}
