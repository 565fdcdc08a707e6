/** What a person presses, out of what a terminal sends. */
import type { Clock, Timer } from "../core/clock.ts";

/**
 * A character as it is, or the name of a key: `up`, `down`, `left`, `right`, `home`, `end`, `page-up`,
 * `page-down`, `enter`, `backspace`, `tab`, `escape`, `ctrl-c` and so on.
 */
export type Key = string;

/** So long after an escape no more comes of a key that begins with one. */
const escapeMs = 50;
/** Whatever is longer is no key. */
const longestSequence = 64;

const bySequence: Readonly<Record<string, Key>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  H: "home",
  F: "end",
  "1~": "home",
  "4~": "end",
  "5~": "page-up",
  "6~": "page-down",
  "7~": "home",
  "8~": "end",
};
const byControl: Readonly<Record<string, Key>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\b": "backspace",
  "\u007f": "backspace",
};

const esc = "\u001b";
/** Behind an escape: `[ 1 ; 5 A` or `O A`, with or without what was held down beside it. */
const csi = /^\[([0-?]*)[ -/]*([@-~])/;
const ss3 = /^O([ -~])/;
/** What terminals say of themselves: `] … BEL`, `P … ESC \`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they end with one
const report = /^[\]P_^X][^\u0007\u001b]*(?:\u0007|\u001b\\)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they end with one
const unfinished = /^(?:$|\[[0-?]*[ -/]*$|O$|[\]P_^X][^\u0007\u001b]*\u001b?$)/;

export class KeyReader {
  readonly #clock: Clock;
  readonly #onKey: (key: Key) => void;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #timer: Timer | undefined;

  constructor(clock: Clock, onKey: (key: Key) => void) {
    this.#clock = clock;
    this.#onKey = onKey;
  }

  /** Takes what came; a key of which only the beginning came waits for the rest. */
  take(bytes: Uint8Array): void {
    this.#timer?.cancel();
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    while (this.#rest !== "" && !this.#waits()) this.#step();
    if (this.#rest !== "") this.#timer = this.#clock.setTimer(escapeMs, () => this.#giveUp());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#rest = "";
  }

  #waits(): boolean {
    const rest = this.#rest;
    if (!rest.startsWith(esc) || rest.length > longestSequence) return false;
    return unfinished.test(rest.slice(1));
  }

  #step(): void {
    const rest = this.#rest;
    if (rest.startsWith(esc)) {
      const tail = rest.slice(1);
      const found = csi.exec(tail) ?? ss3.exec(tail) ?? report.exec(tail);
      this.#rest = tail.slice(found?.[0].length ?? 0);
      const key = found === null ? "escape" : keyOf(found);
      if (key !== undefined) this.#onKey(key);
      return;
    }
    const [character = ""] = rest;
    this.#rest = rest.slice(character.length);
    this.#onKey(nameOf(character));
  }

  /** Nothing more came: the escape was a key of its own, the beginning of a longer one is none. */
  #giveUp(): void {
    const isEscape = this.#rest === esc;
    this.#rest = "";
    if (isEscape) this.#onKey("escape");
  }
}

function keyOf([, first = "", last]: RegExpExecArray): Key | undefined {
  if (last === undefined) return bySequence[first];
  return bySequence[last === "~" ? `${first.split(";")[0]}~` : last];
}

function nameOf(character: string): Key {
  const known = byControl[character];
  if (known !== undefined) return known;
  const code = character.charCodeAt(0);
  return code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x60)}` : character;
}
