/** What a long run suffers: each fault strikes, lasts, and has healed when it is over. */
import { cp, rm } from "node:fs/promises";
import { connect as connectSocket, type Socket } from "node:net";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { Random } from "../../src/core/retry.ts";
import type { OwnNatsServer } from "../../src/nats-server/own-nats-server.ts";
import type { Cable } from "../../src/simulate/cable.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Trial } from "./trial.ts";

/** What faults strike at. */
export interface TortureSite {
  readonly trial: Trial;
  /** Between the gateway and the backbone. */
  readonly uplink: Cable;
  /** Between the devices and the gateway. */
  readonly downlink: Cable;
  readonly statusSocket: string;
  /** Where the backbone keeps its streams. */
  readonly store: string;
  server: OwnNatsServer;
}

export interface TortureFault {
  readonly name: string;
  /** The process of the gateway is another one afterwards. */
  readonly endsGateway?: true;
  /** `lasting` gives how long something of so many seconds takes in this run, in ms. */
  strike(site: TortureSite, random: Random, lasting: Lasting): Promise<void>;
}

/** A time by chance between two numbers of seconds, shortened for short runs; ms. */
export type Lasting = (fromSeconds: number, toSeconds: number) => number;

const stream = "GW_gw1";
const wait = (ms: number): Promise<void> => sleep(systemClock, ms);

export const gatewayKilled: TortureFault = {
  name: "gateway killed",
  endsGateway: true,
  async strike({ trial: { gateway } }) {
    await gateway.kill();
    await gateway.start();
  },
};

export const tortureFaults: readonly TortureFault[] = [
  gatewayKilled,
  {
    name: "gateway stopped and started",
    endsGateway: true,
    async strike({ trial: { gateway } }) {
      await gateway.stop();
      await gateway.start();
    },
  },
  {
    name: "gateway frozen",
    async strike({ trial: { gateway } }, _, lasting) {
      process.kill(gateway.pid, "SIGSTOP");
      await wait(lasting(2, 5));
      process.kill(gateway.pid, "SIGCONT");
    },
  },
  {
    name: "backbone killed",
    async strike(site, _, lasting) {
      await site.server.kill();
      await wait(lasting(0, 2));
      site.server = await site.trial.startBackbone();
    },
  },
  {
    name: "backbone frozen",
    async strike({ server }, _, lasting) {
      process.kill(server.pid, "SIGSTOP");
      await wait(lasting(3, 15));
      process.kill(server.pid, "SIGCONT");
    },
  },
  {
    name: "stream deleted",
    strike: ({ server }) => deleteStream(server),
  },
  {
    name: "older copy of the store restored",
    async strike(site, _, lasting) {
      const { store, trial } = site;
      await site.server.stop();
      await cp(store, `${store}.copy`, { recursive: true });
      site.server = await trial.startBackbone();
      await wait(lasting(2, 8));
      await site.server.kill();
      await rm(store, { recursive: true });
      await cp(`${store}.copy`, store, { recursive: true });
      await rm(`${store}.copy`, { recursive: true });
      site.server = await trial.startBackbone();
    },
  },
  {
    name: "uplink cut",
    async strike({ uplink }, _, lasting) {
      uplink.unplug();
      await wait(lasting(5, 20));
      uplink.plug();
    },
  },
  {
    name: "uplink flapping",
    async strike({ uplink }, random) {
      for (let flap = 0; flap < 10; flap += 1) {
        uplink.unplug();
        await wait(20 + random() * 200);
        uplink.plug();
        await wait(20 + random() * 200);
      }
    },
  },
  {
    name: "uplink stalled",
    async strike({ uplink }, _, lasting) {
      uplink.stall();
      await wait(lasting(3, 25));
      uplink.resume();
    },
  },
  {
    name: "answers lost with the link",
    async strike({ uplink }, _, lasting) {
      uplink.stall("answers");
      await wait(lasting(1, 3));
      uplink.unplug();
      uplink.resume();
      uplink.plug();
    },
  },
  {
    name: "devices come back in a herd",
    async strike({ downlink }, _, lasting) {
      downlink.unplug();
      await wait(lasting(0, 2));
      downlink.plug();
    },
  },
  {
    name: "garbage on the MQTT port",
    async strike({ trial: { gateway } }, random, lasting) {
      const strangers = Array.from({ length: 20 }, () => connectSocket(gateway.mqttPort));
      for (const stranger of strangers) {
        stranger.on("error", () => {});
        stranger.write(Buffer.from(Array.from({ length: 2_000 }, () => random() * 256)));
      }
      await wait(lasting(1, 3));
      for (const stranger of strangers) stranger.destroy();
    },
  },
  {
    name: "payloads that nobody understands",
    async strike({ trial }, random) {
      const junk = trial.load({
        connections: 4,
        name: `junk-${Math.floor(random() * 1e9)}`,
        fields: '"temperature":oops',
        total: 400,
        onAck: () => {},
      });
      await junk.finished;
    },
  },
  {
    name: "readers of the status socket that stall",
    async strike({ statusSocket }, _, lasting) {
      const readers = Array.from({ length: 8 }, () => stallingReader(statusSocket));
      await wait(lasting(2, 10));
      for (const reader of readers) reader.destroy();
    },
  },
];

/** Asks for everything that is received, and reads none of it. */
function stallingReader(path: string): Socket {
  const reader = connectSocket(path);
  reader.on("error", () => {});
  reader.pause();
  reader.write("GET /tap?stage=received HTTP/1.1\r\nHost: gateway\r\n\r\n");
  return reader;
}

/** The server may still be opening its streams; it is asked until it did. */
async function deleteStream(server: OwnNatsServer): Promise<void> {
  const connection = await connect({ servers: server.url, reconnect: false });
  try {
    const { streams } = await jetstreamManager(connection);
    await waitUntil(() => streams.delete(stream).catch(() => false), "the stream is deleted");
  } finally {
    await connection.close();
  }
}
