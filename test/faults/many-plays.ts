/** Many gateways that are played at once, each with a stream of its own, and what the rules say of all. */
import type { NatsConnection } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { Origin } from "../../src/core/event.ts";
import { gatewayStream } from "../../src/core/subject.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { makeStreams, manyOrigins } from "../support/many-gateways.ts";
import { AlertPlay, judgePlay, publishPlay } from "./alert-play.ts";

interface Played {
  readonly play: AlertPlay;
  /** Messages in its stream. */
  sent: number;
}

export class ManyPlays {
  readonly #plays = new Map<string, Played>();
  readonly #origins: readonly Origin[];

  constructor(sites: number, seed: string) {
    this.#origins = manyOrigins(sites);
    for (const origin of this.#origins) {
      const random = createSeededRandom(`${seed}-${origin.gateway}`);
      const play = new AlertPlay(random, origin);
      this.#plays.set(gatewayStream(origin.gateway), { play, sent: 0 });
    }
  }

  /** Makes the streams and goes on, twice as fast as time, until the signal. */
  async writeUntil(connection: NatsConnection, url: string, signal: AbortSignal): Promise<void> {
    await makeStreams(connection, this.#origins, backboneOptions.parse({ servers: [url] }));
    while (!signal.aborted) {
      for (const one of this.#plays.values()) {
        one.play.play(1);
        one.sent = await publishPlay(connection, one.play.written.slice(one.sent), one.sent);
      }
      await sleep(systemClock, 300, signal);
    }
  }

  get events(): number {
    return [...this.#plays.values()].reduce((sum, { sent }) => sum + sent, 0);
  }

  /** How many messages each stream has. */
  sent(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#plays, ([stream, { sent }]) => [stream, sent]));
  }

  judge(): readonly TransitionDraft[] {
    return [...this.#plays.values()].flatMap(({ play }) => [...judgePlay(play.written)]);
  }
}
