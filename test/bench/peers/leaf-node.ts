/**
 * A nats-server on the box: devices speak MQTT to it, a stream of its own keeps what they say, and a
 * mirror at the hub fetches it over the leaf connection.
 */
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { freePort } from "../../../src/demo/free-port.ts";
import type { OwnNatsServer } from "../../../src/nats-server/own-nats-server.ts";
import { envOf } from "../../support/current-nats-server.ts";
import type { Workshop } from "../workshop.ts";
import type { EdgeBox, Peer } from "./edge-box.ts";
import { readRawSensor, sensorStream, sensorSubjects } from "./raw-sensor.ts";

const domain = "box";
export const leafName = "NATS leaf node";

/** `sync` is its `sync_interval`, of two minutes where it is not given. Runs `program`, as the hub does. */
export async function leafNode(program: string, sync?: string): Promise<Peer> {
  const port = await freePort();
  return {
    name: sync === undefined ? leafName : `${leafName}, sync_interval: ${sync}`,
    missing: undefined,
    stream: sensorStream,
    subjects: sensorSubjects,
    hubConfiguration: `server_name: hub\nleafnodes { listen: "127.0.0.1:${port}" }`,
    open: (workshop, hub) => openLeaf(workshop, hub, { port, program, sync: sync ?? "2m" }),
    read: readRawSensor,
  };
}

interface LeafSettings {
  /** Where the hub waits for leaf nodes. */
  readonly port: number;
  readonly program: string;
  readonly sync: string;
}

async function openLeaf(
  workshop: Workshop,
  hub: OwnNatsServer,
  { port, program, sync }: LeafSettings,
): Promise<EdgeBox> {
  const folder = await workshop.place();
  const store = await workshop.place();
  const mqttPort = await freePort();
  const ownPort = await freePort();
  const configuration = `server_name: box
jetstream { store_dir: ${JSON.stringify(store)}, domain: ${domain}, sync_interval: ${sync} }
mqtt { listen: "127.0.0.1:${mqttPort}" }
leafnodes { remotes: [ { url: "nats://127.0.0.1:${port}" } ] }`;
  let leaf: OwnNatsServer | undefined;
  let hasStreams = false;
  return {
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    get pids() {
      return leaf ? [leaf.pid] : [];
    },
    async start() {
      const place = { folder, port: ownPort, configuration };
      leaf = await workshop.nats({ ...place, ...envOf(program) });
      if (!hasStreams) await makeStreams(leaf.url, hub.url);
      hasStreams = true;
    },
    kill: async () => leaf?.kill(),
  };
}

async function makeStreams(leafUrl: string, hubUrl: string): Promise<void> {
  await withStreams(leafUrl, (streams) =>
    streams.add({ name: sensorStream, subjects: [sensorSubjects] }),
  );
  const external = { api: `$JS.${domain}.API`, deliver: "" };
  await withStreams(hubUrl, (streams) =>
    streams.add({ name: sensorStream, mirror: { name: sensorStream, external } }),
  );
}

type Streams = Awaited<ReturnType<typeof jetstreamManager>>["streams"];

async function withStreams(url: string, act: (streams: Streams) => Promise<unknown>) {
  const connection = await connect({ servers: url, noAsyncTraces: true });
  await act((await jetstreamManager(connection)).streams);
  await connection.close();
}
