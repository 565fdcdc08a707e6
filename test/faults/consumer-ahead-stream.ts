/** The stream of a played gateway, and stores of servers that come back older. */
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NatsConnection } from "@nats-io/transport-node";
import type { StoredEvent } from "../../src/core/event.ts";
import { alertsStream } from "../../src/core/subject.ts";
import { type AlertPlay, playStream, publishPlay } from "./alert-play.ts";

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
  copy(): (back: { readonly isAnew: boolean; readonly alsoReader: boolean }) => void {
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

/** The last message read, as the status of a processor with one gateway says. */
export function readUpTo(status: unknown): number | undefined {
  const text = JSON.stringify(status) ?? "";
  const match = /"readUpTo":(\d+)/.exec(text);
  return match ? Number(match[1]) : undefined;
}

/** Keeps what is there; while no server is at work. */
export async function copyStore(store: string): Promise<void> {
  await cp(store, `${store}.copy`, { recursive: true });
}

/** Puts what was copied in the place of what is there; while no server is at work. */
export async function bringBackStore(store: string, kind: OlderPart): Promise<void> {
  const streams = join("$G", "streams");
  const older: Readonly<Record<OlderPart, readonly string[]>> = {
    events: [join(streams, playStream)],
    "events and alerts": [join(streams, playStream), join(streams, alertsStream)],
    everything: ["$G"],
    alerts: [join(streams, alertsStream)],
  };
  for (const folder of older[kind]) {
    await rm(join(store, folder), { recursive: true });
    await cp(join(`${store}.copy`, folder), join(store, folder), { recursive: true });
  }
  await rm(`${store}.copy`, { recursive: true });
}
