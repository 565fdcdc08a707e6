import type { Channel, ChannelEar } from "../../../src/sources/modbus/channel.ts";
import type { Answer, ModbusRequest } from "../../../src/sources/modbus/request.ts";
import type { ManualClock } from "../../support/manual-clock.ts";

/** A line in the time of a test: each exchange takes as long as its bytes, and a device its time. */
export class FakeChannel implements Channel {
  readonly mostUnderWay = 1;
  readonly isNumbered = false;
  readonly state = { isConnected: true, sinceMs: 0, reason: undefined };
  isOpen = true;
  /** Which unit was asked, and when it was sent. */
  readonly asked: {
    readonly unit: number;
    readonly code: number;
    readonly at: number;
    readonly ms: number;
  }[] = [];
  readonly dead = new Set<number>();
  /** What is in holding registers, where that counts; others are refused. */
  held: ReadonlyMap<number, number> | undefined;
  ear: ChannelEar | undefined;
  readonly #clock: ManualClock;
  readonly #byteMs: number;
  readonly #thinkMs: number;

  constructor(clock: ManualClock, byteMs: number, thinkMs: number) {
    this.#clock = clock;
    this.#byteMs = byteMs;
    this.#thinkMs = thinkMs;
  }

  start(): void {
    this.ear?.changed();
  }

  restart(): void {}

  async exchange(
    { answerLength, head, pdu, unit }: ModbusRequest,
    timeoutMs: number,
  ): Promise<Answer> {
    const isDead = this.dead.has(unit);
    const at = (pdu[1] ?? 0) * 256 + (pdu[2] ?? 0);
    this.asked.push({ unit, at, code: pdu[0] ?? 0, ms: this.#clock.monotonicMs() });
    const bytes = pdu.length + 3 + answerLength + 3;
    const wireMs = bytes * this.#byteMs + 5;
    const takesMs = wireMs + (isDead ? timeoutMs : this.#thinkMs);
    await new Promise<void>((resolve) => this.#clock.setTimer(takesMs, resolve));
    if (isDead) return { kind: "silence", text: `no answer in ${timeoutMs} ms` };
    const answer = new Uint8Array(answerLength);
    answer.set(head);
    for (let word = 0; this.held !== undefined && word < (answerLength - 2) / 2; word += 1) {
      const value = this.held.get(at + word);
      if (value === undefined) return { kind: "exception", code: 2 };
      answer.set([value >> 8, value & 0xff], 2 + word * 2);
    }
    return { kind: "data", pdu: answer };
  }

  async stop(): Promise<void> {}
}
