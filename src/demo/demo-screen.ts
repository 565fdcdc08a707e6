/** The demo on a screen of its own; what was said in it stands in the terminal afterwards. */
import { type Clock, sleep } from "../core/clock.ts";
import type { Key } from "../screen/key-reader.ts";
import { LivingScreen } from "../screen/living-screen.ts";
import type { Look } from "../screen/look.ts";
import { demoLines } from "./demo-page.ts";
import type { DemoPlay } from "./demo-script.ts";
import { type DemoSight, noSight, watchDemo } from "./demo-sight.ts";

export interface DemoScreenParts {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly clock: Clock;
  readonly look: Look;
  readonly onKey: (key: Key) => void;
  /** The terminal was closed. */
  readonly onGone: () => void;
}

const everyMs = 1_000;

export class DemoScreen {
  readonly #parts: DemoScreenParts;
  readonly #screen: LivingScreen;
  readonly #story: string[] = [];
  readonly #ending = new AbortController();
  #watching: Promise<void> = Promise.resolve();
  #play: DemoPlay | undefined;
  #sight: DemoSight = noSight;
  #foot = "starting   Ctrl-C ends";

  constructor(parts: DemoScreenParts) {
    this.#parts = parts;
    this.#screen = new LivingScreen({
      ...parts,
      lines: (size) =>
        demoLines(
          {
            sight: this.#sight,
            nowMs: parts.clock.wallMs(),
            time: this.#play?.lines.at(parts.clock.wallMs()) ?? "",
            story: this.#story,
            foot: this.#foot,
            console: this.#play?.console,
            look: parts.look,
          },
          size,
        ),
    });
  }

  open(): void {
    this.#screen.open();
    void this.#tick();
  }

  /** A line of the story. */
  say(line: string): void {
    this.#story.push(...line.split("\n"));
    this.#screen.draw();
  }

  /** What can be done from now on. */
  offer(words: string): void {
    this.#foot = words;
    this.#screen.draw();
  }

  /** Shows how it goes from now on. */
  watch(play: DemoPlay): void {
    this.#play = play;
    this.#watching = watchDemo(play, this.#ending.signal, (sight) => {
      this.#sight = sight;
      this.#screen.draw();
    });
  }

  /** Gives the terminal back, with the story in it; resolves when nothing is looked at any more. */
  async close(print: (line: string) => void): Promise<void> {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort();
    this.#screen.close();
    for (const line of this.#story) print(line);
    await this.#watching;
  }

  /** Times go on where nothing else happens. */
  async #tick(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await sleep(this.#parts.clock, everyMs, signal);
      if (!signal.aborted) this.#screen.draw();
    }
  }
}
