/**
 * Opens the live stream for whoever may look, and ends it when they may no more: signed out, the
 * session over, the token removed. Streams are few for each who looks, and few in all.
 */
import type { ServerResponse } from "node:http";
import type { Clock, Timer } from "../../core/clock.ts";
import type { LiveHub, LiveReader } from "./live-hub.ts";

const mostStreams = 128;
const mostOfOne = 8;
const mostTopics = 32;
/** Of what a reader has not taken yet; then it misses what comes. */
const mostWaitingBytes = 1024 * 1024;
/** Of what all of them have not taken yet; then one that is far behind gives way to who comes. */
const mostWaitingBytesInAll = 64 * 1024 * 1024;
/** How often it is looked whether who looks still may. */
const checkMs = 5_000;

export interface StreamRequest {
  readonly topics: readonly string[];
  /** Of the last frame that was seen. */
  readonly lastId: string | undefined;
  /** Who looks, for counting. */
  readonly who: string;
  readonly stillMay: () => boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export type StreamRefusal = "too-many-streams" | "too-many-topics";

interface OpenStream {
  readonly request: StreamRequest;
  readonly reader: LiveReader;
  readonly response: Pick<ServerResponse, "writableLength" | "destroy">;
}

export class StreamDesk {
  readonly #clock: Clock;
  readonly #hub: LiveHub;
  readonly #open = new Set<OpenStream>();
  #timer: Timer | undefined;

  constructor(clock: Clock, hub: LiveHub) {
    this.#clock = clock;
    this.#hub = hub;
  }

  /** Answers with a stream; where that is refused nothing is written. */
  open(request: StreamRequest, response: ServerResponse): StreamRefusal | undefined {
    if (request.topics.length > mostTopics) return "too-many-topics";
    const own = [...this.#open].filter((other) => other.request.who === request.who);
    if (own.length >= mostOfOne || this.#open.size >= mostStreams) return "too-many-streams";
    response.writeHead(200, {
      ...request.headers,
      "content-type": "text/event-stream; charset=utf-8",
      // A proxy that gathers what comes in would keep changes back.
      "x-accel-buffering": "no",
    });
    const reader = this.#hub.open(request.topics, request.lastId, {
      write: (text) => response.write(text) || response.writableLength < mostWaitingBytes,
      end: () => void response.end(),
    });
    const stream = { request, reader, response };
    this.#open.add(stream);
    response.on("drain", () => reader.drained());
    response.on("close", () => {
      this.#open.delete(stream);
      reader.close();
    });
    this.#makeRoom();
    this.#timer ??= this.#clock.setTimer(checkMs, () => this.#checkAgain());
    return undefined;
  }

  /** Looks now whether all who look still may. */
  check(): void {
    for (const { reader, request } of this.#open)
      if (!request.stillMay()) reader.close("signed-out");
  }

  /** Ends every stream. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#hub.stop();
  }

  /** The longest open first: who came just now has had no time to take anything. */
  #makeRoom(): void {
    let waiting = 0;
    for (const { response } of this.#open) waiting += response.writableLength;
    for (const { response } of this.#open) {
      if (waiting <= mostWaitingBytesInAll) return;
      if (response.writableLength < mostWaitingBytes) continue;
      waiting -= response.writableLength;
      response.destroy();
    }
  }

  #checkAgain(): void {
    this.#timer = undefined;
    this.check();
    if (this.#open.size > 0) this.#timer = this.#clock.setTimer(checkMs, () => this.#checkAgain());
  }
}
