/** A small file that people change while it is used: read whole, and again every few seconds. */
import type { Clock, Timer } from "./clock.ts";
import type { Disk } from "./disk.ts";
import { systemCode, systemReason } from "./system-reason.ts";
import { readWhole } from "./whole-file.ts";

const everyMs = 3_000;
/** What is another is looked at once more: it may be half written. */
const againMs = 300;
const usualBytes = 1024 * 1024;

export interface WatchedTextParts {
  readonly path: string;
  readonly disk: Disk;
  readonly clock: Clock;
  /** More of it is not read; 1 MiB unless said. */
  readonly mostBytes?: number;
  /** Takes what stands there, once at the start and when it is another; nothing where there is no file. */
  readonly take: (text: string) => void;
  /** It is there and cannot be read: told once, and what was taken stays. */
  readonly unreadable: (reason: string) => void;
}

export class WatchedText {
  readonly #parts: WatchedTextParts;
  #known: string | undefined;
  /** Another text that was read at the look before. */
  #next: string | undefined;
  #trouble: string | undefined;
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(parts: WatchedTextParts) {
    this.#parts = parts;
  }

  /** Resolves when what stands there was taken. */
  async start(): Promise<void> {
    await this.#look();
    if (!this.#isStopped)
      this.#timer = this.#parts.clock.setTimer(
        this.#next === undefined ? everyMs : againMs,
        () => void this.start(),
      );
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const { disk, mostBytes = usualBytes, path, take, unreadable } = this.#parts;
    try {
      const text = await readWhole(disk, path, mostBytes).then(
        (bytes) => bytes.toString("utf8"),
        (thrown: unknown) => {
          if (systemCode(thrown) === "ENOENT") return "";
          throw thrown;
        },
      );
      this.#trouble = undefined;
      const isSure = this.#known === undefined || text === this.#next;
      this.#next = text === this.#known || isSure ? undefined : text;
      if (text === this.#known || !isSure || this.#isStopped) return;
      this.#known = text;
      take(text);
    } catch (thrown) {
      const reason = systemReason(thrown);
      if (reason !== this.#trouble) unreadable(reason);
      this.#trouble = reason;
    }
  }
}
