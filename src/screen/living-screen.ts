/** A screen that is drawn again and again, in the terminal of this process. */
import type { Clock } from "../core/clock.ts";
import type { Key } from "./key-reader.ts";
import type { Line } from "./line.ts";
import type { Look } from "./look.ts";
import { Painter, type Size } from "./painter.ts";
import { Terminal } from "./terminal.ts";

/** Others may write over it, such as `wall`: after so long all is drawn anew. */
const anewMs = 30_000;

export interface LivingScreenParts {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly clock: Clock;
  readonly look: Look;
  /** What stands there now, in as many rows as there are; more are left out. */
  readonly lines: (size: Size) => readonly Line[];
  /** Ctrl-C is a key like others, and stops nothing by itself. */
  readonly onKey: (key: Key) => void;
  /** The terminal was closed. */
  readonly onGone: () => void;
}

export class LivingScreen {
  readonly #parts: LivingScreenParts;
  readonly #terminal: Terminal;
  readonly #painter: Painter;
  #drawnMs = Number.NEGATIVE_INFINITY;

  constructor(parts: LivingScreenParts) {
    const { clock, look, onGone, onKey, stdin, stdout } = parts;
    this.#parts = parts;
    this.#painter = new Painter(look);
    const onSpoiled = (): void => this.#drawAnew();
    this.#terminal = new Terminal({
      ...{ stdin, stdout, clock, onGone, onSpoiled },
      onKey: (key) => {
        if (key === "ctrl-l") this.#drawAnew();
        else onKey(key);
        this.draw();
      },
    });
  }

  open(): void {
    this.#terminal.open();
    this.draw();
  }

  /** Writes what changed. */
  draw(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#drawnMs > anewMs) {
      this.#painter.forget();
      this.#drawnMs = nowMs;
    }
    const { size } = this.#terminal;
    this.#terminal.write(this.#painter.frame(this.#parts.lines(size), size));
  }

  close(): void {
    this.#terminal.close();
  }

  #drawAnew(): void {
    this.#painter.forget();
    this.draw();
  }
}
