/** One turn: what it is about is read, told, and settled by how that went. */

import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { StreamSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { backoffMs, type Random } from "../core/retry.ts";
import { type AttemptDependencies, type AttemptOutcome, attemptNotice } from "./attempt-notice.ts";
import { type Composed, composeNotice, maxAlerts } from "./compose-notice.ts";
import type { CursorKeeper } from "./cursor-keeper.ts";
import type { Pace } from "./pace.ts";
import { type MemberParts, readMember, type TurnReadingDependencies } from "./read-turn.ts";
import type { Turn, TurnMember } from "./turn.ts";
import type { WaitingInstance } from "./waiting-instance.ts";
import type { WaitingInstances } from "./waiting-instances.ts";

/** Wait before what could not be read is read again. */
const readAgainMs = 1_000;
const baseMs = 1_000;
/** First bound of the waits while people have to look at the address. */
const misconfiguredBaseMs = 30_000;
/** The longest wait grows with what waits, so that all attempts together are not too many. */
const maxWaitMs = { least: 60_000, perInstance: 100, most: 300_000 };
/** So often a notice of a group fails while others are taken, before each of it goes by itself. */
const splitAfter = 3;
/** Transitions that are read at the same time for one notice. */
const readAtOnce = 16;

export interface TellTurnDependencies extends TurnReadingDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
  readonly delivery: AttemptDependencies;
  readonly waiting: WaitingInstances;
  readonly pace: Pace;
  readonly keeper: Pick<CursorKeeper, "noteChange" | "noteTry">;
  readonly stopping: AbortSignal;
  /** Writes the cursor; false where that is not possible now. */
  readonly keep: () => Promise<boolean>;
}

export class TellTurn {
  readonly #deps: TellTurnDependencies;
  #delivered = 0;

  constructor(deps: TellTurnDependencies) {
    this.#deps = deps;
  }

  /** Never rejects. What the signal cuts off is told again after the next start. */
  async tell(turn: Turn, signal: AbortSignal): Promise<void> {
    const { keeper, logger, pace, stopping, waiting } = this.#deps;
    const end = pace.begin(turn.attempts > 0);
    let delivery: AttemptOutcome | undefined;
    let read: readonly MemberParts[];
    let composed: Composed | undefined;
    try {
      if (turn.group && !turn.kept) await this.#keep(turn);
      read = await this.#read(turn);
      if (turn.reading === "none") {
        end(undefined);
        waiting.learn(turn, read[0]?.parts[0]?.transition);
        return;
      }
      composed = composeNotice(turn, read, this.#deps.episodes);
      if (composed && !stopping.aborted) delivery = await this.#attempt(turn, composed, signal);
    } catch (thrown) {
      const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot read");
      logger.debug("what is to be told is read again", { reason: message });
      end(undefined);
      waiting.queue.sleep(turn, readAgainMs);
      return;
    }
    const recovered = end(delivery);
    if (delivery?.kind === "failed") keeper.noteTry();
    else keeper.noteChange();
    if (!composed) this.#finish(turn, read, undefined);
    else if (delivery) this.#settle(turn, read, composed, delivery);
    if (recovered) waiting.queue.wakeAll();
  }

  /** So that a restart makes the same notice again, under the same id. */
  async #keep(turn: Turn): Promise<void> {
    this.#deps.keeper.noteChange();
    if (!(await this.#deps.keep()))
      throw new GatewayError("stream.unavailable", "the cursor was not stored");
    turn.kept = true;
  }

  async #read(turn: Turn): Promise<readonly MemberParts[]> {
    const members = readable(turn);
    const read: MemberParts[] = [];
    for (let at = 0; at < members.length; at += readAtOnce)
      read.push(
        ...(await Promise.all(
          members.slice(at, at + readAtOnce).map((member) => readMember(turn, member, this.#deps)),
        )),
      );
    return read;
  }

  async #attempt(
    turn: Turn,
    { content, parts }: Composed,
    signal: AbortSignal,
  ): Promise<AttemptOutcome | undefined> {
    const { clock, delivery } = this.#deps;
    const nowMs = clock.monotonicMs();
    turn.triedSinceMs ??= nowMs;
    turn.deliveredBefore ??= this.#delivered;
    const history = {
      attempts: turn.attempts,
      triedForMs: nowMs - turn.triedSinceMs,
      waitedMs: nowMs - turn.readySinceMs,
    };
    const leftOut = content.leftOut + turn.members.length - readable(turn).length;
    const storedMs = Math.max(...parts.map((part) => part.storedMs));
    return attemptNotice({ content: { ...content, leftOut }, storedMs }, history, signal, delivery);
  }

  #settle(
    turn: Turn,
    read: readonly MemberParts[],
    composed: Composed,
    delivery: AttemptOutcome,
  ): void {
    const { random, waiting } = this.#deps;
    const several = turn.members.length > 1 && composed.parts.length > 1;
    if (delivery.kind === "delivered") this.#delivered += 1;
    if (delivery.kind === "refused" && several && !delivery.givenUp) {
      waiting.split(turn);
      return;
    }
    if (delivery.kind !== "failed") {
      this.#finish(turn, read, composed);
      return;
    }
    turn.attempts += 1;
    const othersWereTaken = this.#delivered > (turn.deliveredBefore ?? this.#delivered);
    if (several && othersWereTaken && turn.attempts >= splitAfter) {
      waiting.split(turn);
      return;
    }
    const { least, most, perInstance } = maxWaitMs;
    const limits = {
      baseMs: delivery.misconfigured ? misconfiguredBaseMs : baseMs,
      maxMs: Math.min(most, Math.max(least, waiting.instances * perInstance)),
    };
    const waitMs = backoffMs(limits, turn.attempts, random);
    waiting.queue.sleep(turn, (delivery.restMs ?? 0) + waitMs);
  }

  #finish(turn: Turn, read: readonly MemberParts[], composed: Composed | undefined): void {
    const { clock, episodes, told, waiting } = this.#deps;
    const said = new Set(composed?.parts);
    const ends = new Map<WaitingInstance, readonly [StreamSeq, number]>();
    const members = readable(turn);
    for (const [index, { done, doneUpTo, parts }] of read.entries()) {
      const member = members[index];
      if (!member) continue;
      ends.set(member.waiting, [doneUpTo, done]);
      for (const part of parts) {
        told.add(part.transition);
        if (!said.has(part)) continue;
        const repeatMs = member.waiting.last?.repeatMs;
        const { streamSeq: seq, transition } = part;
        episodes.note(transition, { cause: turn.cause, seq, repeatMs, nowMs: clock.wallMs() });
      }
    }
    for (const { waiting: one } of turn.members)
      if (!ends.has(one) && one.last) told.note(one.instance, one.last.order);
    waiting.finish(turn, ends);
  }
}

/** Of more members than a notice has room for the most severe are read. */
function readable({ members }: Turn): readonly TurnMember[] {
  if (members.length <= maxAlerts) return members;
  return [...members].sort((a, b) => a.waiting.rank - b.waiting.rank).slice(0, maxAlerts);
}
