/** The gateway beside other ways to do it: one load, one machine, one run after the other. */
import type { NatsServerProgram } from "../../src/nats-server/nats-server-program.ts";
import { type FigureTable, formatCount, formatMegabytes, formatMs } from "./figures.ts";
import { connections, measurePeer, type PeerFigures, type PeersScale } from "./measure-peer.ts";
import { redpandaConnect } from "./peers/connect.ts";
import { leafNode } from "./peers/leaf-node.ts";
import { sluicegate } from "./peers/sluicegate.ts";
import { telegraf } from "./peers/telegraf.ts";
import { sensorBytes } from "./tasmota-sensor.ts";
import type { Workshop } from "./workshop.ts";

/** One row for each; of the same machine, one after the other. */
export async function measurePeers(
  workshop: Workshop,
  server: NatsServerProgram,
  scale: PeersScale,
): Promise<{ readonly table: FigureTable; readonly found: readonly PeerFigures[] }> {
  const peers = [
    sluicegate,
    await leafNode(server.path),
    await leafNode(server.path, "always"),
    telegraf,
    redpandaConnect,
  ];
  const found: PeerFigures[] = [];
  const rows: FigureTable["rows"][number][] = [];
  for (const peer of peers) {
    if (peer.missing !== undefined) {
      rows.push([peer.name, `not installed: ${peer.missing}`]);
      continue;
    }
    const figures = await measurePeer(workshop, peer, server, scale);
    found.push(figures);
    rows.push(rowOf(figures));
  }
  const table: FigureTable = {
    title: `Peers: ${connections} devices, ${sensorBytes} B at QoS 1, all into nats-server ${server.version}`,
    columns: [
      "",
      "stored/s",
      "CPU/event",
      "hub CPU",
      "PUBACK p50",
      "p99 at 1,000/s",
      "idle",
      "at 1,000/s",
      "full speed",
      "kill -9: lost",
      "twice",
    ],
    rows,
  };
  return { table, found };
}

function rowOf(figures: PeerFigures): readonly string[] {
  return [
    figures.name,
    formatCount(figures.storedPerSecond),
    `${figures.cpuUs.toFixed(1)} µs`,
    `${figures.hubCpuUs.toFixed(1)} µs`,
    formatMs(figures.p50Ms),
    formatMs(figures.p99Ms),
    formatMegabytes(figures.idleBytes),
    formatMegabytes(figures.steadyBytes),
    formatMegabytes(figures.fullBytes),
    formatCount(figures.lost),
    formatCount(figures.twice),
  ];
}
