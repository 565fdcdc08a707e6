/**
 * Requests of all members in one order: what is written first, then what was due first. A member whose
 * last answer may still come lets others go ahead.
 *
 * Invariants
 * - At most as many requests are under way as the channel takes, and one of each member.
 * - Requests to one member leave in the order of their ranks.
 * - A request that is given up before it was sent is never sent.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import type { Channel } from "./channel.ts";
import { LineLoad } from "./line-load.ts";
import type { Member } from "./member.ts";
import { type Answer, type ModbusRequest, shapeOf, whatOf } from "./request.ts";

/** What waits for its turn. */
interface Waiting {
  readonly member: Member;
  readonly request: ModbusRequest;
  readonly rank: number;
  readonly timeoutMs: number;
  readonly end: (answer: Answer) => void;
}

/** In front of all polls, which are ranked by when they were due. */
export const rankOfWrites = -1;

export class Bus {
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Set<Member>();
  #wake: Timer | undefined;
  #isStopped = false;
  #busySinceMs = 0;
  readonly load: LineLoad;

  constructor(channel: Channel, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
    this.load = new LineLoad(clock);
  }

  /** Never rejects. `signal` gives up what was not sent. */
  ask(
    member: Member,
    request: ModbusRequest,
    { rank, signal, timeoutMs }: { rank: number; timeoutMs: number; signal?: AbortSignal },
  ): Promise<Answer> {
    return new Promise((resolve) => {
      const giveUp = (): void => {
        const at = this.#waiting.indexOf(waiting);
        if (at === -1) return;
        this.#waiting.splice(at, 1);
        waiting.end({ kind: "gone", text: "it was given up before it was sent", sent: false });
      };
      const waiting: Waiting = {
        ...{ member, rank, request, timeoutMs },
        end: (answer) => {
          signal?.removeEventListener("abort", giveUp);
          resolve(answer);
        },
      };
      const behind = this.#waiting.findIndex((other) => other.rank > rank);
      this.#waiting.splice(behind === -1 ? this.#waiting.length : behind, 0, waiting);
      signal?.addEventListener("abort", giveUp, { once: true });
      if (signal?.aborted || this.#isStopped) giveUp();
      else this.#next();
    });
  }

  /** Nothing is sent any more. */
  stop(): void {
    this.#isStopped = true;
    this.#wake?.cancel();
    for (const { end } of this.#waiting.splice(0))
      end({ kind: "gone", text: "the gateway stops", sent: false });
  }

  #next(): void {
    this.#wake?.cancel();
    let wakeMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.monotonicMs();
    const passed = new Set<Member>();
    for (let at = 0; at < this.#waiting.length; ) {
      if (this.#busy.size >= this.#channel.mostUnderWay) return;
      const waiting = this.#waiting[at];
      if (waiting === undefined) return;
      const { member, request } = waiting;
      const restMs = restOf(member, request, nowMs);
      if (this.#busy.has(member) || passed.has(member) || restMs > 0) {
        passed.add(member);
        if (restMs > 0) wakeMs = Math.min(wakeMs, restMs);
        at += 1;
      } else {
        this.#waiting.splice(at, 1);
        void this.#send(waiting);
      }
    }
    if (wakeMs !== Number.POSITIVE_INFINITY)
      this.#wake = this.#clock.setTimer(wakeMs, () => this.#next());
  }

  async #send({ end, member, request, timeoutMs }: Waiting): Promise<void> {
    if (this.#busy.size === 0) this.#busySinceMs = this.#clock.monotonicMs();
    this.#busy.add(member);
    const answer = await this.#channel.exchange(request, timeoutMs);
    const nowMs = this.#clock.monotonicMs();
    this.#busy.delete(member);
    if (this.#busy.size === 0) this.load.add(nowMs - this.#busySinceMs);
    if (!this.#channel.isNumbered) noteOwed(member, request, answer, { nowMs, timeoutMs });
    end(answer);
    if (!this.#isStopped) this.#next();
  }
}

/** How long another request of the same shape has to wait, in milliseconds. */
function restOf(member: Member, request: ModbusRequest, nowMs: number): number {
  const owed = member.owed.get(shapeOf(request));
  return owed === undefined || owed.what === whatOf(request) ? 0 : owed.untilMs - nowMs;
}

/** Where the same was asked in vain before, two answers may come, and the second is to nothing. */
function noteOwed(
  member: Member,
  request: ModbusRequest,
  answer: Answer,
  { nowMs, timeoutMs }: { readonly nowMs: number; readonly timeoutMs: number },
): void {
  const shape = shapeOf(request);
  const what = whatOf(request);
  const before = member.owed.get(shape);
  const isSecond = before?.what === what && before.untilMs > nowMs;
  const isOpen = answer.kind === "damage" ? !answer.isWhole : answer.kind === "silence";
  if (isOpen || isSecond) member.owed.set(shape, { what, untilMs: nowMs + timeoutMs });
  else member.owed.delete(shape);
}
