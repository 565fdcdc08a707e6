/** Mosquitto as Debian sets it up, and an agent behind it that carries everything to the hub. */
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { MosquittoProgram } from "../../support/mosquitto-program.ts";
import { isHere } from "../../support/programs-here.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { Workshop } from "../workshop.ts";
import type { EdgeBox, Peer } from "./edge-box.ts";
import { sensorStream, sensorSubjects } from "./raw-sensor.ts";

/** An agent that subscribes in a kept session with QoS 1 and publishes into the stream of the hub. */
export interface Agent extends Pick<Peer, "name" | "read"> {
  readonly program: string;
  /** Name and text of its configuration. */
  readonly file: string;
  configuration(mqttPort: number, natsUrl: string): string;
  /** What stands in front of the path of its configuration. */
  readonly args: readonly string[];
  /** What it writes once it has subscribed. */
  readonly subscribed: string;
}

export function withMosquitto(agent: Agent): Peer {
  const programs = ["mosquitto", agent.program];
  return {
    name: agent.name,
    missing: programs.find((program) => !isHere(program, "--version")),
    stream: sensorStream,
    subjects: sensorSubjects,
    read: agent.read,
    async open(workshop, hub) {
      const connection = await connect({ servers: hub.url, noAsyncTraces: true });
      const { streams } = await jetstreamManager(connection);
      await streams.add({ name: sensorStream, subjects: [sensorSubjects] });
      await connection.close();
      return openBox(workshop, agent, hub.url);
    },
  };
}

async function openBox(workshop: Workshop, agent: Agent, natsUrl: string): Promise<EdgeBox> {
  const broker: MosquittoProgram = await workshop.mosquitto([
    "max_inflight_messages 0",
    "persistence true",
    "persistence_location {folder}/",
  ]);
  const path = await workshop.file(agent.file, agent.configuration(broker.port, natsUrl));
  const running = await workshop.journaled();
  let runs = true;
  return {
    mqttUrl: broker.url,
    get pids() {
      return [broker.pid, running.pid];
    },
    async start() {
      if (!runs) await broker.start();
      runs = true;
      const already = running.journal().length;
      running.start(agent.program, ...agent.args, path);
      await waitUntil(() => {
        if (!running.alive) throw new Error(`${agent.program} went away: ${running.journal()}`);
        return running.journal().slice(already).includes(agent.subscribed);
      }, `${agent.program} has subscribed`);
    },
    async kill() {
      runs = false;
      await Promise.all([running.end("SIGKILL"), broker.stop("SIGKILL")]);
    },
  };
}
