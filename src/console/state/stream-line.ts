/**
 * One connection to the stream of the server, opened again whenever it ends. The browser would do so
 * by itself, but gives up for good where anything but the stream answers, such as a proxy that says
 * that the server is away.
 */
import type { RowChanges } from "./row-map.ts";

/** How the connection is. */
export type LineState = "connecting" | "open" | "lost";

export interface LineEvents {
  onState(state: LineState): void;
  onRows(kind: "snapshot" | "delta", topic: string, rows: RowChanges): void;
  /** It could not be opened, or the server ended it: perhaps nobody is signed in any more. */
  onRefused(): void;
}

const firstDelayMs = 500;
const longestDelayMs = 8_000;
/** Rows of the status change every few seconds: where nothing comes, nothing is there any more. */
const longestSilenceMs = 20_000;

export class StreamLine {
  readonly #topics: readonly string[];
  readonly #events: LineEvents;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #lastId: string;
  #failures = 0;

  /** `after` is the id of the last frame that was heard, or empty to begin with all there is. */
  constructor(topics: readonly string[], after: string, events: LineEvents) {
    this.#topics = topics;
    this.#lastId = after;
    this.#events = events;
    this.#open();
  }

  /** Of the last frame that was heard; empty before the first. */
  get lastId(): string {
    return this.#lastId;
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#source?.close();
    this.#source = undefined;
  }

  #open(): void {
    const query = new URLSearchParams({ topics: this.#topics.join(",") });
    if (this.#lastId !== "") query.set("after", this.#lastId);
    const source = new EventSource(`/api/v1/stream?${query}`);
    this.#source = source;
    this.#events.onState("connecting");
    source.onopen = () => {
      this.#failures = 0;
      this.#listen();
      this.#events.onState("open");
    };
    source.onerror = () => this.#again();
    for (const kind of ["snapshot", "delta"] as const)
      source.addEventListener(kind, (event) => this.#take(kind, event));
    // A snapshot follows a gap by itself.
    source.addEventListener("gap", () => this.#listen());
    source.addEventListener("bye", () => this.#again());
  }

  #take(kind: "snapshot" | "delta", { data, lastEventId }: MessageEvent<string>): void {
    this.#lastId = lastEventId;
    this.#listen();
    const frame: { topic: string; data: RowChanges } = JSON.parse(data);
    this.#events.onRows(kind, frame.topic, frame.data);
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#again(), longestSilenceMs);
  }

  #again(): void {
    this.close();
    const delayMs = Math.min(firstDelayMs * 2 ** this.#failures, longestDelayMs);
    this.#failures += 1;
    this.#events.onState("lost");
    this.#events.onRefused();
    this.#timer = setTimeout(() => this.#open(), delayMs * (0.75 + Math.random() / 2));
  }
}
