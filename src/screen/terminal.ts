/**
 * The terminal of this process, taken and given back. While it is taken there is a screen of its own,
 * keys come one by one and nothing that is typed is shown; given back it is as it was found, whatever
 * ends the process but SIGKILL.
 */
import type { Clock, Timer } from "../core/clock.ts";
import type { Key } from "./key-reader.ts";
import { KeyReader } from "./key-reader.ts";
import type { Size } from "./painter.ts";

export interface TerminalEvents {
  onKey(key: Key): void;
  /** What was drawn is gone, or does not fit any more. */
  onSpoiled(): void;
  /** Nobody is at the terminal any more: it was closed. */
  onGone(): void;
}

export interface TerminalParts extends TerminalEvents {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly clock: Clock;
}

/** A screen of its own, no cursor, and lines that end where the screen does. */
const take = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J\u001b[H";
/** Terminals without a second screen keep what was drawn: it is erased. */
const giveBack = "\u001b[2J\u001b[H\u001b[?7h\u001b[?25h\u001b[?1049l";
const takeAgain = "\u001b[?25l\u001b[?7l";
/** A stop that did not come in this time does not come: nobody could continue this process. */
const stopMs = 100;
/** Of a terminal that does not say how large it is. */
const usualSize: Size = { columns: 80, rows: 24 };

export class Terminal {
  readonly #parts: TerminalParts;
  readonly #keys: KeyReader;
  #isTaken = false;
  #isGone = false;
  #stopping: Timer | undefined;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
    this.#keys = new KeyReader(parts.clock, (key) => {
      if (key === "ctrl-z" && process.platform !== "win32") process.kill(0, "SIGTSTP");
      else parts.onKey(key);
    });
  }

  /** Takes the terminal. To be called once. */
  open(): void {
    const { onSpoiled, stdin, stdout } = this.#parts;
    stdin.on("data", this.#read);
    // A terminal that was closed stays one to its last reader: its errors are no end of the process.
    for (const event of ["end", "close", "error"] as const) stdin.on(event, this.#lose);
    stdout.on("error", this.#lose);
    stdout.on("resize", onSpoiled);
    process.on("exit", this.#leave);
    process.on("SIGTSTP", this.#stop);
    process.on("SIGCONT", this.#goOn);
    this.#enter();
  }

  get size(): Size {
    const { columns, rows } = this.#parts.stdout;
    return { columns: columns || usualSize.columns, rows: rows || usualSize.rows };
  }

  /** Writes at once, while the terminal is ours. */
  write(text: string): void {
    if (this.#isTaken && text !== "") this.#parts.stdout.write(text);
  }

  /** Gives the terminal back. */
  close(): void {
    const { onSpoiled, stdin, stdout } = this.#parts;
    this.#leave();
    this.#keys.stop();
    this.#stopping?.cancel();
    stdin.off("data", this.#read).pause();
    stdout.off("resize", onSpoiled);
    process.off("exit", this.#leave);
    process.off("SIGTSTP", this.#stop);
    process.off("SIGCONT", this.#goOn);
  }

  readonly #read = (bytes: Buffer): void => this.#keys.take(bytes);

  readonly #enter = (): void => {
    this.#setRaw();
    if (!this.#isTaken) this.#parts.stdout.write(take);
    else this.#parts.stdout.write(takeAgain);
    this.#isTaken = true;
    this.#parts.stdin.resume();
  };

  readonly #leave = (): void => {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    if (this.#isGone) return;
    this.#parts.stdout.write(giveBack);
    this.#parts.stdin.setRawMode(false);
  };

  /** What it was set to before is known as set: after a stop somebody else may have set it otherwise. */
  #setRaw(): void {
    const { stdin } = this.#parts;
    if (stdin.isRaw) stdin.setRawMode(false);
    stdin.setRawMode(true);
  }

  /** Stops as a program does that knows nothing of stops, with the terminal given back. */
  readonly #stop = (): void => {
    this.#leave();
    process.off("SIGTSTP", this.#stop);
    this.#stopping = this.#parts.clock.setTimer(stopMs, this.#goOn);
    process.kill(process.pid, "SIGTSTP");
  };

  /** Takes the terminal again, also after a stop that nobody announced. */
  readonly #goOn = (): void => {
    this.#stopping?.cancel();
    process.off("SIGTSTP", this.#stop);
    process.on("SIGTSTP", this.#stop);
    this.#enter();
    // The size may be another, which is looked at with this signal.
    process.kill(process.pid, "SIGWINCH");
    this.#parts.onSpoiled();
  };

  readonly #lose = (): void => {
    if (this.#isGone) return;
    this.#isGone = true;
    process.on("exit", dieOfHangUp);
    this.#parts.onGone();
  };
}

/** The last steps of Node fail at a terminal that is gone, with a dump of memory: it ends before them. */
function dieOfHangUp(): void {
  if (process.platform === "win32") return;
  process.removeAllListeners("SIGHUP");
  process.kill(process.pid, "SIGHUP");
}
