/**
 * Modbus TCP: each request has a number, and its answer the same (Modbus TCP 1.0b §3.1.3). Answers that
 * come late, or in another order, are told apart by it.
 *
 * Invariants
 * - An answer is taken for the request with its number only, and only if unit, function and length fit.
 * - Bytes that are no frame, or do not become one, end the connection: where the next one begins nobody knows.
 */
import { type Clock, sleep } from "../../core/clock.ts";
import type { LinkState } from "../../core/message.ts";
import type { KeptLine, LineUser } from "../lines/kept-line.ts";
import type { Channel, ChannelEar } from "./channel.ts";
import {
  type Answer,
  beginsAt,
  exceptionFlag,
  exceptionLength,
  type ModbusRequest,
} from "./request.ts";

/** Devices and gateways hand on in pieces: what follows so late does not follow. */
const pieceMs = 100;
/** Number, protocol, length, unit. */
const headerBytes = 7;
const mostPduBytes = 253;
const mostNumbers = 65_536;

export interface TcpDeps {
  /** Between two requests, for devices that need a rest. */
  readonly pauseMs: number;
  /** Behind connecting, for devices that hear nothing before. */
  readonly warmUpMs: number;
  readonly mostUnderWay: number;
  readonly clock: Clock;
  readonly ear: ChannelEar;
  readonly keep: (user: LineUser) => KeptLine;
}

interface Exchange {
  readonly request: ModbusRequest;
  readonly end: (answer: Answer) => void;
}

export class TcpChannel implements Channel {
  readonly mostUnderWay: number;
  readonly isNumbered = true;
  readonly #deps: TcpDeps;
  readonly #line: KeptLine;
  readonly #pending = new Map<number, Exchange>();
  #bytes: Uint8Array = new Uint8Array();
  /** When the frame began whose rest is waited for. */
  #begunMs = 0;
  /** Something was answered through this connection. */
  #isOfUse = false;
  #number = 0;
  #askedMs = Number.NEGATIVE_INFINITY;
  #warmMs = Number.NEGATIVE_INFINITY;
  /** The number of an answer that nobody waits for, since the last that somebody did. */
  #strange: number | undefined;

  constructor(deps: TcpDeps) {
    this.#deps = deps;
    this.mostUnderWay = deps.mostUnderWay;
    this.#line = deps.keep({
      opened: () => {
        this.#bytes = new Uint8Array();
        this.#isOfUse = false;
        this.#warmMs = deps.clock.monotonicMs() + deps.warmUpMs;
        deps.ear.changed();
      },
      data: (bytes) => this.#take(bytes),
      lost: (reason) => {
        this.#endAll(reason);
        deps.ear.changed();
      },
    });
  }

  get state(): LinkState {
    return this.#line.state;
  }

  get isOpen(): boolean {
    return this.#line.isOpen;
  }

  start(): void {
    this.#line.start();
  }

  restart(reason: string): void {
    this.#line.restart(reason);
  }

  stop(): Promise<void> {
    this.#endAll("the gateway stops");
    return this.#line.stop();
  }

  async exchange(request: ModbusRequest, timeoutMs: number): Promise<Answer> {
    const { clock, pauseMs } = this.#deps;
    const restMs = Math.max(this.#askedMs + pauseMs, this.#warmMs) - clock.monotonicMs();
    if (restMs > 0) await sleep(clock, restMs);
    if (!this.isOpen)
      return { kind: "gone", text: this.state.reason ?? "not connected", sent: false };
    this.#number = (this.#number + 1) % mostNumbers;
    const number = this.#number;
    return new Promise((resolve) => {
      const timer = clock.setTimer(timeoutMs, () => {
        end(this.#silence(timeoutMs, number));
        this.#giveUpPart();
      });
      const end = (answer: Answer): void => {
        if (!this.#pending.delete(number)) return;
        timer.cancel();
        this.#askedMs = clock.monotonicMs();
        resolve(answer);
      };
      this.#pending.set(number, { request, end });
      this.#line.write(frameOf(number, request)).catch((failure: unknown) => {
        const text = failure instanceof Error ? failure.message : String(failure);
        end({ kind: "gone", text, sent: true });
      });
    });
  }

  #take(bytes: Uint8Array): void {
    const { ear } = this.#deps;
    const all = Buffer.concat([this.#bytes, bytes]);
    let at = 0;
    while (all.length - at >= headerBytes) {
      const length = all.readUInt16BE(at + 4);
      if (all.readUInt16BE(at + 2) !== 0 || length < 2 || length > mostPduBytes + 1) {
        this.#bytes = new Uint8Array();
        this.#line.restart("it sent bytes that are no Modbus TCP", this.#isOfUse);
        return;
      }
      const end = at + headerBytes - 1 + length;
      if (end > all.length) break;
      const number = all.readUInt16BE(at);
      const pending = this.#pending.get(number);
      if (pending === undefined) {
        this.#strange = number;
        ear.late();
      } else {
        this.#strange = undefined;
        this.#isOfUse = true;
        const pdu = Uint8Array.from(all.subarray(at + headerBytes, end));
        pending.end(readAnswer(pending.request, all[at + headerBytes - 1] ?? 0, pdu));
      }
      at = end;
    }
    if (this.#bytes.length === 0 || at > 0) this.#begunMs = this.#deps.clock.monotonicMs();
    this.#bytes = Uint8Array.from(all.subarray(at));
  }

  /** The length in front of it was damaged on its way, and would swallow the answers that follow. */
  #giveUpPart(): void {
    const isHeld = this.#bytes.length > 0 && this.isOpen;
    if (!isHeld || this.#deps.clock.monotonicMs() - this.#begunMs < pieceMs) return;
    this.#bytes = new Uint8Array();
    this.#line.restart("an answer began and did not end", this.#isOfUse);
  }

  #silence(timeoutMs: number, number: number): Answer {
    const text = `no answer in ${timeoutMs} ms`;
    if (this.#strange === undefined) return { kind: "silence", text };
    const strange = `an answer with the number ${this.#strange} came in place of ${number}`;
    return { kind: "silence", text: `${text}; ${strange}` };
  }

  #endAll(text: string): void {
    for (const { end } of [...this.#pending.values()]) end({ kind: "gone", text, sent: true });
  }
}

function frameOf(number: number, { pdu, unit }: ModbusRequest): Uint8Array {
  const frame = Buffer.alloc(headerBytes + pdu.length);
  frame.writeUInt16BE(number, 0);
  frame.writeUInt16BE(pdu.length + 1, 4);
  frame[headerBytes - 1] = unit;
  frame.set(pdu, headerBytes);
  return frame;
}

/** Units 0 and 255 stand for the device itself, which may call itself anything. */
function readAnswer(request: ModbusRequest, unit: number, pdu: Uint8Array): Answer {
  const [code = 0] = request.head;
  // Gateways that speak for themselves do not always say for which unit.
  if (pdu.length === exceptionLength && pdu[0] === (code | exceptionFlag))
    return { kind: "exception", code: pdu[1] ?? 0 };
  const isItself = request.unit === 0 || request.unit === 255;
  if (unit !== request.unit && !isItself)
    return { ...damage(`unit ${unit} answered in place of ${request.unit}`), isOfUnit: false };
  if (pdu[0] !== code) return damage(`it answered with function ${pdu[0]}, asked was ${code}`);
  if (pdu.length !== request.answerLength)
    return damage(`the answer has ${pdu.length} bytes, and should have ${request.answerLength}`);
  if (!beginsAt(request.head, pdu, 0)) return damage("the answer is to another request");
  return { kind: "data", pdu };
}

function damage(text: string): Extract<Answer, { kind: "damage" }> {
  return { kind: "damage", isWhole: true, isOfUnit: true, text };
}
