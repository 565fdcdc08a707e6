/**
 * Modbus RTU or ASCII on a line: one request at a time, a silence in front of each, and an answer that is
 * known by unit, function, length and checksum, since a line has no numbers for requests.
 *
 * Invariants
 * - What came before a request was sent is never taken for its answer.
 * - An adapter that repeats what is sent is noticed by the reads. A write of one value is answered by
 *   its own bytes, so before it is known whether the line repeats, a read is sent first.
 * - What is kept of what came is at most as much as four frames may have.
 */
import { type Clock, sleep, type Timer } from "../../core/clock.ts";
import type { LinkState } from "../../core/message.ts";
import type { KeptLine, LineUser } from "../lines/kept-line.ts";
import type { Channel, ChannelEar } from "./channel.ts";
import type { LineFrames } from "./line-frames.ts";
import type { LinePace } from "./line-pace.ts";
import { type Answer, beginsAt, type ModbusRequest, readRequest } from "./request.ts";

/** Adapters and serial servers hand on in pieces: a pause of less is none. */
const pieceMs = 100;

export interface LineChannelDeps {
  readonly frames: LineFrames;
  readonly pace: LinePace;
  /** Beside the silence, for devices that need a rest. */
  readonly pauseMs: number;
  /** Behind opening the line, for devices that hear nothing before. */
  readonly warmUpMs: number;
  readonly clock: Clock;
  readonly ear: ChannelEar;
  /** Makes the line, which is closed as yet. */
  readonly keep: (user: LineUser) => KeptLine;
}

interface Exchange {
  readonly request: ModbusRequest;
  readonly frame: Uint8Array;
  readonly end: (answer: Answer) => void;
}

export class LineChannel implements Channel {
  readonly mostUnderWay = 1;
  readonly isNumbered = false;
  readonly #deps: LineChannelDeps;
  readonly #line: KeptLine;
  #bytes: Uint8Array = new Uint8Array();
  #pending: Exchange | undefined;
  #pieces: Timer | undefined;
  /** When the line fell silent, on the clock that never jumps. */
  #silentMs = Number.NEGATIVE_INFINITY;
  #warmMs = Number.NEGATIVE_INFINITY;
  #echoes: boolean | undefined;
  /** What was sent last: its echo may come when nobody waits any more. */
  #sent: Uint8Array = new Uint8Array();

  constructor(deps: LineChannelDeps) {
    this.#deps = deps;
    this.#line = deps.keep({
      opened: () => {
        this.#echoes = undefined;
        this.#warmMs = deps.clock.monotonicMs() + deps.warmUpMs;
        deps.ear.changed();
      },
      data: (bytes) => this.#take(bytes),
      lost: (reason) => {
        this.#pending?.end({ kind: "gone", text: reason, sent: true });
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
    this.#pending?.end({ kind: "gone", text: "the gateway stops", sent: true });
    return this.#line.stop();
  }

  async exchange(request: ModbusRequest, timeoutMs: number): Promise<Answer> {
    const code = request.head[0] ?? 0;
    if (this.#echoes === undefined && (code === 5 || code === 6)) {
      const [, high = 0, low = 0] = request.pdu;
      const table = code === 5 ? "coil" : "holding";
      const probe = readRequest(request.unit, { table, at: high * 256 + low, count: 1 });
      await this.#ask(probe, timeoutMs);
    }
    return this.#ask(request, timeoutMs);
  }

  async #ask(request: ModbusRequest, timeoutMs: number): Promise<Answer> {
    const { clock, frames, pace } = this.#deps;
    await this.#quiet();
    if (!this.isOpen)
      return { kind: "gone", text: this.state.reason ?? "the line is closed", sent: false };
    const frame = frames.frameOf(request);
    const wireMs = (2 * frame.length + frames.answerBytes(request)) * pace.byteMs;
    return new Promise((resolve) => {
      const timer = clock.setTimer(timeoutMs + wireMs, () => end(this.#unanswered(timeoutMs)));
      const end = (answer: Answer): void => {
        if (this.#pending?.end !== end) return;
        this.#pending = undefined;
        timer.cancel();
        this.#pieces?.cancel();
        this.#learn(request, frame, answer);
        this.#bytes = new Uint8Array();
        this.#silentMs = clock.monotonicMs();
        resolve(answer);
      };
      this.#bytes = new Uint8Array();
      this.#sent = frame;
      this.#pending = { request, frame, end };
      this.#line.write(frame).catch((failure: unknown) => {
        const text = failure instanceof Error ? failure.message : String(failure);
        end({ kind: "gone", text, sent: true });
      });
    });
  }

  /** Waits until nobody speaks: an answer that comes late is heard out, but not for ever. */
  async #quiet(): Promise<void> {
    const { clock, frames, pace, pauseMs } = this.#deps;
    const coldMs = this.#warmMs - clock.monotonicMs();
    if (coldMs > 0) await sleep(clock, coldMs);
    const untilMs = clock.monotonicMs() + pauseMs + frames.longestBytes * pace.byteMs + pieceMs;
    for (;;) {
      const nowMs = clock.monotonicMs();
      const restMs = this.#silentMs + pace.silenceMs + pauseMs - nowMs;
      if (restMs <= 0 || nowMs >= untilMs) return;
      await sleep(clock, restMs);
    }
  }

  #take(bytes: Uint8Array): void {
    const { clock, ear, frames } = this.#deps;
    const mostKeptBytes = 2 * frames.longestBytes;
    this.#silentMs = clock.monotonicMs();
    const kept = this.#bytes.subarray(-mostKeptBytes);
    this.#bytes = new Uint8Array(kept.length + Math.min(bytes.length, mostKeptBytes));
    this.#bytes.set(kept);
    this.#bytes.set(bytes.subarray(0, mostKeptBytes), kept.length);
    const pending = this.#pending;
    if (pending === undefined) {
      ear.unsolicited(bytes.length);
      const unit = frames.findRequest(this.#bytes);
      if (unit === undefined || beginsAt(this.#sent, this.#bytes, 0)) return;
      this.#bytes = new Uint8Array();
      ear.otherMaster(unit);
      return;
    }
    const from = this.#behindEcho(pending);
    const answer = frames.findAnswer(pending.request, this.#bytes, from);
    if (answer !== undefined) {
      pending.end(answer);
      return;
    }
    this.#pieces?.cancel();
    if (this.#bytes.length > from)
      this.#pieces = clock.setTimer(pieceMs + this.#deps.pace.silenceMs, () => {
        if (!this.#mayBecomeOne(pending, from)) pending.end(this.#unanswered(0));
      });
  }

  /** Noise, or a late answer, may stand in front of it: only what is long enough can be wrong. */
  #mayBecomeOne({ request }: Exchange, from: number): boolean {
    const { frames } = this.#deps;
    if (this.#bytes.length - from < frames.answerBytes(request)) return true;
    return frames.isWholeAnswer(this.#bytes, from);
  }

  /** Where the answer may begin. */
  #behindEcho({ frame }: Exchange): number {
    const at = this.#echoes === false ? -1 : this.#echoAt(frame);
    return at === -1 ? 0 : at + frame.length;
  }

  /** Noise may be in front of it, as of all that comes. */
  #echoAt(frame: Uint8Array): number {
    return Buffer.from(this.#bytes.buffer, 0, this.#bytes.length).indexOf(frame);
  }

  #unanswered(timeoutMs: number): Answer {
    const pending = this.#pending;
    const from = pending === undefined ? 0 : this.#behindEcho(pending);
    if (pending === undefined || this.#bytes.length <= from)
      return { kind: "silence", text: `no answer in ${timeoutMs} ms` };
    const { frames } = this.#deps;
    const { request } = pending;
    const isItsOwn = frames.unitAt(this.#bytes, from) === request.unit;
    return {
      ...{ kind: "damage", isWhole: isItsOwn && !this.#mayBecomeOne(pending, from) },
      isOfUnit: frames.isOfUnit(request, this.#bytes, from),
      text: frames.damageWords(request, this.#bytes, from),
    };
  }

  /** A read is never answered by its own bytes, so these say that the line repeats. */
  #learn({ head }: ModbusRequest, frame: Uint8Array, answer: Answer): void {
    if ((head[0] ?? 0) > 4 || answer.kind === "gone") return;
    const isEcho = this.#echoAt(frame) !== -1;
    if (isEcho || answer.kind !== "damage") this.#echoes = isEcho;
  }
}
