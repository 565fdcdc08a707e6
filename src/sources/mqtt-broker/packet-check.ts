/** Holds the packets of one connection against the version that its CONNECT names. */
import { checkFrame, connectType, type FrameProblem } from "./frame-check.ts";
import { checkFrame5 } from "./v5/check-frame.ts";
import { isConnect5 } from "./v5/connect.ts";

/** Reads a CONNECT of version 5; gives what is handed on in its place. */
export type Greet = (bytes: Buffer, at: number, end: number) => Buffer | FrameProblem;

export class PacketCheck {
  readonly #greet: Greet;
  #isVersion5 = false;
  #greeting: Buffer | undefined;

  constructor(greet: Greet) {
    this.#greet = greet;
  }

  /** True when the CONNECT, good or bad, is one of version 5. */
  get isVersion5(): boolean {
    return this.#isVersion5;
  }

  /** A CONNECT has begun; its variable header stands at `at`, as far as it has come. */
  meet(bytes: Buffer, at: number): void {
    this.#isVersion5 = isConnect5(bytes, at);
  }

  /** `first`, `at` and `end` as in `checkFrame`. */
  problemOf(first: number, bytes: Buffer, at: number, end: number): FrameProblem | undefined {
    if (!this.#isVersion5) return checkFrame(first, bytes, at, end);
    if (first >> 4 !== connectType) return checkFrame5(first, bytes, at, end);
    if ((first & 0x0f) !== 0) return "bad-flags";
    const greeting = this.#greet(bytes, at, end);
    if (typeof greeting === "string") return greeting;
    this.#greeting = greeting;
    return undefined;
  }

  /** What is handed on in the place of the CONNECT that was just looked at, once. */
  takeGreeting(): Buffer | undefined {
    const greeting = this.#greeting;
    this.#greeting = undefined;
    return greeting;
  }
}
