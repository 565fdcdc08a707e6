/** The stream of a played gateway, and stores of servers that come back older. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NatsConnection } from "@nats-io/transport-node";
import type { StoredEvent } from "../../src/core/event.ts";
import { alertsStream } from "../../src/core/subject.ts";
import type { OwnNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { stream } from "../support/gateway-stream.ts";
import { AlertPlay, publishPlay } from "./alert-play.ts";
import type { Hub, HubProgram } from "./hub.ts";

/** What comes back older; with `everything`, checkpoints too. */
export const olderParts = ["events", "events and alerts", "everything", "alerts"] as const;
export type OlderPart = (typeof olderParts)[number];

/** The stream of the played gateway, and who has read what of it. */
export class PlayedStream {
  readonly play: AlertPlay;
  /** What it holds; the first is message 1. */
  #held: readonly StoredEvent[] = [];
  /** How much of its log the gateway has sent. */
  #sent = 0;
  /** What was read, in order, by somebody who reads on and on. */
  #read: readonly StoredEvent[] = [];

  constructor(play: AlertPlay) {
    this.play = play;
  }

  get length(): number {
    return this.#held.length;
  }

  get read(): readonly StoredEvent[] {
    return this.#read;
  }

  /** Sends everything that the gateway has and the stream has not. */
  async fill(connection: NatsConnection): Promise<void> {
    const more = this.play.written.slice(this.#sent);
    await publishPlay(connection, more, this.#held.length);
    const readUpTo = this.#read.at(-1)?.position.seq ?? 0;
    this.#held = [...this.#held, ...more];
    this.#read = [...this.#read, ...more.filter(({ position }) => position.seq > readUpTo)];
    this.#sent = this.play.written.length;
  }

  /** Notes how it stands; the function given brings that back. */
  copy(): (back: ComingBack) => void {
    const [held, sent, read] = [this.#held, this.#sent, this.#read];
    return ({ alsoReader, isAnew }) => {
      const lost = this.play.written.slice(sent, this.#sent);
      this.#held = held;
      if (alsoReader) this.#read = read;
      if (isAnew) this.play.declareLost(lost);
      else this.#sent = sent;
    };
  }
}

/** What of a copy is true again: with `isAnew` the gateway no longer has what came after it. */
export interface ComingBack {
  readonly isAnew: boolean;
  /** Whoever reads on and on has forgotten what came after it, too. */
  readonly alsoReader: boolean;
}

/** Saves often, so that there is something to be ahead of. */
export const quickSaves = "processor: { checkpoint_every: 100ms, discover_every: 200ms }\n";

/** A processor that reads what is played, over a server whose store comes back older. */
export class PlayedSite {
  readonly stream: PlayedStream;
  readonly processor: HubProgram;
  readonly #hub: Hub;
  #server: OwnNatsServer;
  #bringBack: (back: ComingBack) => void = () => {};

  private constructor(hub: Hub, server: OwnNatsServer, processor: HubProgram, seed: string) {
    this.#hub = hub;
    this.#server = server;
    this.processor = processor;
    this.stream = new PlayedStream(new AlertPlay(createSeededRandom(`${seed}-play`)));
  }

  /** Starts the server and the processor. */
  static async open(hub: Hub, seed: string): Promise<PlayedSite> {
    const processor = await hub.program("processor", "processor");
    const site = new PlayedSite(hub, await hub.startServer(), processor, seed);
    processor.start();
    return site;
  }

  /** Sends everything that was played and not yet sent. */
  async fill(): Promise<void> {
    await this.#hub.connected((connection) => this.stream.fill(connection));
  }

  /** Keeps a copy of the store as it is; the server is away meanwhile. */
  async copy(): Promise<void> {
    await this.#server.stop();
    await cp(this.#hub.store, `${this.#hub.store}.copy`, { recursive: true });
    this.#bringBack = this.stream.copy();
    this.#server = await this.#hub.startServer();
  }

  /** Puts what was copied in the place of what is there; the server is away meanwhile. */
  async comeBack(part: OlderPart, back?: ComingBack): Promise<void> {
    await this.#server.stop();
    await bringBackStore(this.#hub.store, part);
    if (back) this.#bringBack(back);
    this.#server = await this.#hub.startServer();
  }
}

/** The last message read, as the status of a processor with one gateway says. */
export function readUpTo(status: unknown): number | undefined {
  const text = JSON.stringify(status) ?? "";
  const match = /"readUpTo":(\d+)/.exec(text);
  return match ? Number(match[1]) : undefined;
}

/** Puts what was copied in the place of what is there; while no server is at work. */
async function bringBackStore(store: string, kind: OlderPart): Promise<void> {
  const streams = join("$G", "streams");
  const older: Readonly<Record<OlderPart, readonly string[]>> = {
    events: [join(streams, stream)],
    "events and alerts": [join(streams, stream), join(streams, alertsStream)],
    everything: ["$G"],
    alerts: [join(streams, alertsStream)],
  };
  for (const folder of older[kind]) {
    await rm(join(store, folder), { recursive: true });
    await cp(join(`${store}.copy`, folder), join(store, folder), { recursive: true });
  }
  await rm(`${store}.copy`, { recursive: true });
}
