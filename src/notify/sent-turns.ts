/** All turns: those that may go, sleep, or are under way. A group has one at a time. */
import type { Clock } from "../core/clock.ts";
import { type KeptNotices, keptNotice } from "./group-turns.ts";
import type { NoticeCause } from "./receiver.ts";
import { Turn, type TurnReading } from "./turn.ts";
import { TurnQueue } from "./turn-queue.ts";
import type { WaitingInstance } from "./waiting-instance.ts";

export class SentTurns {
  readonly queue: TurnQueue;
  readonly #clock: Clock;
  readonly #turns = new Set<Turn>();
  readonly #busy = new Set<string>();

  /** `onReady` is called when one that slept may go. */
  constructor(clock: Clock, onReady: () => void) {
    this.#clock = clock;
    this.queue = new TurnQueue(clock, onReady);
  }

  /** True while a notice of the group is on its way: the next one waits for it. */
  isBusy(groupKey: string): boolean {
    return this.#busy.has(groupKey);
  }

  send(turn: Turn): void {
    this.#turns.add(turn);
    if (turn.group) this.#busy.add(turn.group.key);
    this.queue.add(turn);
  }

  /** Sends what is told by itself. */
  sendAlone(waiting: WaitingInstance, cause: NoticeCause, reading: TurnReading): void {
    const { attempts, count, rank, to: upTo, triedForMs, waitedMs } = waiting;
    const nowMs = this.#clock.monotonicMs();
    const members = [{ waiting, upTo, count }];
    const what = { cause, reading, members, group: undefined, id: undefined, rank };
    const turn = new Turn(what, nowMs - waitedMs);
    turn.attempts = attempts;
    turn.triedSinceMs = attempts > 0 ? nowMs - triedForMs : undefined;
    waiting.turn = turn;
    this.send(turn);
  }

  /** It is over; its members are free again. */
  drop(turn: Turn): void {
    this.#turns.delete(turn);
    if (turn.group) this.#busy.delete(turn.group.key);
  }

  /** Forgets all that are not under way. */
  forgetIdle(): void {
    for (const turn of this.#turns) {
      if (turn.state === "under way") continue;
      this.queue.remove(turn);
      this.drop(turn);
    }
  }

  /** Notices of groups, for the cursor. */
  kept(nowMs: number): KeptNotices {
    const kept = [...this.#turns].flatMap((turn) => {
      const { group, id } = turn;
      return group && id !== undefined ? [[id, keptNotice(turn, group, nowMs)] as const] : [];
    });
    return Object.fromEntries(kept);
  }
}
