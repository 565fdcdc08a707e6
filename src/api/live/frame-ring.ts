/** The last frames of all topics, for readers that come again. */
import type { Frame } from "./frame.ts";

const mostFrames = 1_000;
const mostBytes = 8 * 1024 * 1024;

export class FrameRing {
  readonly #boot: string;
  readonly #frames: Frame[] = [];
  #bytes = 0;
  #lastN = 0;

  /** `boot` names this run of the process: numbers of another one say nothing. */
  constructor(boot: string) {
    this.#boot = boot;
  }

  /** Of the frame that was added last; 0 before the first. */
  get lastN(): number {
    return this.#lastN;
  }

  get lastId(): string {
    return `${this.#boot}-${this.#lastN}`;
  }

  add(topic: string, data: string): Frame {
    this.#lastN += 1;
    const frame: Frame = { id: this.lastId, kind: "delta", topic, data };
    this.#frames.push(frame);
    this.#bytes += data.length;
    while (this.#frames.length > mostFrames || this.#bytes > mostBytes)
      this.#bytes -= this.#frames.shift()?.data.length ?? this.#bytes;
    return frame;
  }

  /** Those behind an id, oldest first; undefined where some of them are gone, or it is of another run. */
  behind(id: string): readonly Frame[] | undefined {
    const cut = id.lastIndexOf("-");
    const n = /^\d{1,15}$/.test(id.slice(cut + 1)) ? Number(id.slice(cut + 1)) : Number.NaN;
    const firstN = this.#lastN - this.#frames.length;
    if (id.slice(0, cut) !== this.#boot || !(n >= firstN && n <= this.#lastN)) return undefined;
    return this.#frames.slice(n - firstN);
  }
}
