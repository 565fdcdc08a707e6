/**
 * Tells the sink which clients are there.
 *
 * A device that wakes, says something and goes is alive by what it said. Where many come and go, who
 * is there for less than a second is not announced, so that short connections do not fill the log
 * with two records each. While the disk does not take what was announced, the rest is put off: of
 * each client only what has become of it since is said then.
 *
 * Invariants
 * - Of each client identifier, online and offline alternate, beginning with online.
 * - When a connection takes an identifier over, the old one goes offline first.
 * - What waits is bounded by the clients that are there, and that were when it began to wait.
 */
import type { Clock, EpochMs, Timer } from "../../core/clock.ts";
import type { DeviceId, Seq } from "../../core/ids.ts";
import type { Durability } from "../../core/log-writer.ts";
import type { ConnectionChange, MessageSink } from "../../core/message.ts";

/** A connection, as far as it is announced. */
export interface Visitor {
  readonly source: string;
  readonly client: string;
  readonly device: DeviceId | undefined;
  /** Why it ended, or will have ended if it ends now. */
  readonly cause: Exclude<ConnectionChange["cause"], "connect">;
}

type Durable = Pick<Durability, "durableSeq">;

/** What is to be said. The moment is that of saying it: what is in the log already vouches for time. */
type Change = Omit<ConnectionChange, "receivedMs">;

/** So many arrivals are announced at once, and one more for each second that passed. */
const promptArrivals = 100;
/** Others have to stay for so long. */
const settleMs = 1_000;
/** Announcements that may wait for the disk. */
const mostUnderWay = 1_000;

export class Presence {
  readonly #sink: MessageSink;
  readonly #log: Durable;
  readonly #nowMs: () => EpochMs;
  readonly #clock: Clock;
  readonly #online = new Map<string, Visitor>();
  /** Not announced yet, with the moment from which they may be; first come, first. */
  readonly #arriving = new Map<Visitor, number>();
  /** Gone, and only their coming was announced; first gone, first. */
  #leaving: Change[] = [];
  /** Seqs of what was announced and may not be on disk yet, ascending. */
  #underWay: Seq[] = [];
  #timer: Timer | undefined;
  #prompt = promptArrivals;
  #promptAtMs: number;

  constructor(sink: MessageSink, log: Durable, nowMs: () => EpochMs, clock: Clock) {
    this.#sink = sink;
    this.#log = log;
    this.#nowMs = nowMs;
    this.#clock = clock;
    this.#promptAtMs = clock.monotonicMs();
  }

  get clients(): number {
    return this.#online.size;
  }

  arrive(visitor: Visitor): void {
    const before = this.#online.get(visitor.client);
    if (before !== undefined) this.#goodbye(before, "takeover");
    this.#online.set(visitor.client, visitor);
    if (this.#isPrompt() && this.#isRoom) {
      this.#say(changeOf(visitor, "online", "connect"));
      return;
    }
    this.#arriving.set(visitor, this.#clock.monotonicMs() + settleMs);
    this.#settleIn(settleMs);
  }

  /** Without effect for a connection that never arrived or was taken over. */
  leave(visitor: Visitor): void {
    if (this.#online.get(visitor.client) !== visitor) return;
    this.#online.delete(visitor.client);
    this.#goodbye(visitor, visitor.cause);
  }

  /** Announces nobody any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#arriving.clear();
    this.#leaving = [];
  }

  /** The disk takes what is announced, and nobody waits to be. */
  get #isRoom(): boolean {
    return this.#leaving.length === 0 && this.#room > 0;
  }

  /** How much more may wait for the disk. */
  get #room(): number {
    if (this.#underWay.length >= mostUnderWay) {
      const { durableSeq } = this.#log;
      this.#underWay = this.#underWay.filter((seq) => seq > durableSeq);
    }
    return mostUnderWay - this.#underWay.length;
  }

  #isPrompt(): boolean {
    const nowMs = this.#clock.monotonicMs();
    const grown = (nowMs - this.#promptAtMs) / 1_000;
    this.#prompt = Math.min(promptArrivals, this.#prompt + grown);
    this.#promptAtMs = nowMs;
    if (this.#prompt < 1) return false;
    this.#prompt -= 1;
    return true;
  }

  #settleIn(waitMs: number): void {
    this.#timer ??= this.#clock.setTimer(waitMs, () => this.#settle());
  }

  #settle(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#timer = undefined;
    for (const change of this.#leaving.splice(0, this.#room)) this.#say(change);
    for (const [visitor, dueMs] of this.#arriving) {
      if (dueMs > nowMs || !this.#isRoom) {
        this.#settleIn(dueMs > nowMs ? dueMs - nowMs : settleMs);
        break;
      }
      this.#arriving.delete(visitor);
      this.#say(changeOf(visitor, "online", "connect"));
    }
    if (this.#leaving.length > 0) this.#settleIn(settleMs);
  }

  #goodbye(visitor: Visitor, cause: Visitor["cause"]): void {
    if (this.#arriving.delete(visitor)) return;
    const change = changeOf(visitor, "offline", cause);
    if (this.#isRoom) this.#say(change);
    else {
      this.#leaving.push(change);
      this.#settleIn(settleMs);
    }
  }

  #say(change: Change): void {
    this.#underWay.push(this.#sink.connection({ ...change, receivedMs: this.#nowMs() }));
  }
}

function changeOf(
  { source, client, device }: Visitor,
  state: Change["state"],
  cause: Change["cause"],
): Change {
  const owner = device === undefined ? {} : { device };
  return { source, client, ...owner, state, cause };
}
