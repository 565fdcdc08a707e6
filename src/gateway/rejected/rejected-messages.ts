/**
 * Messages that were rejected, and what is decided about them: read again with the profiles as they are
 * now, or discarded.
 *
 * Invariants
 * - A message is processed again once. Its events carry an identity made of its id, so that the log
 *   knows them again where a kill came before the decision; the decision stands behind them.
 * - Events have the times of the message: received when it was, and the device's own.
 * - What still does not fit is left as it is: no rejection of a rejection.
 */
import type { Decision } from "../../core/decision.ts";
import type { EventOf } from "../../core/event.ts";
import type { DraftEvent } from "../../core/event-draft.ts";
import type { Seq } from "../../core/ids.ts";
import type { LogWriter } from "../../core/log-writer.ts";
import type { Asked } from "../../core/question.ts";
import { untilDurable } from "../../core/until-durable.ts";
import type { KnownDevice } from "../../normalize/known-device.ts";
import type { NormalizedEvent } from "../../normalize/normalized.ts";
import type { OwnStatement } from "../ingest.ts";
import { identityOf } from "./again-identity.ts";
import { type RejectedGroup, RejectedGroups } from "./groups.ts";
import { type Normalize, readNow } from "./read-again.ts";
import type { RejectedMessage } from "./rejected-message.ts";
import { idOf, type Wanted, wantedBy } from "./wanted.ts";

export interface RejectedDependencies {
  /**
   * Gives the rejections about which nothing was decided, oldest first, until `visit` gives false.
   * Resolves with false where older ones may be out of reach.
   */
  readonly read: (
    visit: (message: RejectedMessage) => boolean | Promise<boolean>,
  ) => Promise<boolean>;
  /** Gives what reads messages with the profiles as they are now, and met none before. */
  readonly normalizer: () => Normalize;
  readonly met: (device: KnownDevice) => void;
  /** Gives the seq of the record. */
  readonly own: (statement: OwnStatement) => Seq;
  readonly draft: DraftEvent;
  readonly log: LogWriter;
}

/** What trying or processing again came to; all counts of messages. */
export interface AgainOutcome {
  /** They are read now. */
  readonly read: number;
  /** They still do not fit; nothing was done with them. */
  readonly rejected: number;
  /** They would be passed over now: noise, or nothing in them. */
  readonly passedOver: number;
  /** Too little of them was kept. */
  readonly unusable: number;
  /** What the first ones became, or why they did not. */
  readonly samples: readonly {
    readonly id: string;
    readonly topic: string;
    readonly now: unknown;
  }[];
  /** True where there are more than were looked at. */
  readonly more: boolean;
  /** False where older ones may be out of reach. */
  readonly complete: boolean;
  /** Of the last decision that was made of it; absent where none was. */
  readonly decidedSeq?: Seq;
}

/** What discarding came to. */
export interface Discarded {
  readonly discarded: number;
  readonly more: boolean;
  readonly complete: boolean;
  readonly decidedSeq?: Seq;
}

/** What is wrong with a question. */
export interface AskedWrongly {
  readonly problem: string;
}

/** So many at a time, of each question. */
const mostOfQuestion = 1_000;
const mostOfDecision = 64;
const mostSamples = 5;
/** Characters of a reason, or of a name. */
const mostSaid = 512;

export class RejectedMessages {
  readonly #deps: RejectedDependencies;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: RejectedDependencies) {
    this.#deps = deps;
  }

  /** `{groups, complete}`. */
  async list(asked: Asked): Promise<object> {
    const wanted = wantedBy(asked);
    if (typeof wanted === "string") return { problem: wanted };
    const groups = new RejectedGroups();
    const complete = await this.#deps.read((message) => {
      if (wanted(message)) groups.add(message);
      return true;
    });
    return { groups: groups.list() satisfies readonly RejectedGroup[], complete };
  }

  /** `{messages, complete}`: the first ones whole, at most `limit` of them (10 unless said). */
  async show(asked: Asked): Promise<object> {
    const wanted = wantedBy(asked);
    if (typeof wanted === "string") return { problem: wanted };
    const most = Math.min(100, Number(asked["limit"] ?? 10) || 10);
    const { complete, messages } = await this.find(wanted, most);
    return { messages: messages.map((one) => ({ id: idOf(one), ...shown(one) })), complete };
  }

  /** The first ones that are meant, whole, at most so many. */
  async find(
    wanted: Wanted,
    most: number,
  ): Promise<{ readonly messages: readonly RejectedMessage[]; readonly complete: boolean }> {
    const messages: RejectedMessage[] = [];
    const complete = await this.#deps.read((message) => {
      if (wanted(message)) messages.push(message);
      return messages.length < most;
    });
    return { messages, complete };
  }

  /** What would become of them, by the profiles as they are now or by those that are given. */
  try(asked: Asked, normalize = this.#deps.normalizer()): Promise<AgainOutcome | AskedWrongly> {
    return this.#again(asked, normalize, async () => {});
  }

  /** Stores what is read now, and decides about it. */
  reprocess(asked: Asked): Promise<AgainOutcome | AskedWrongly> {
    return this.#inTurn(async () => {
      const done: string[] = [];
      let decidedSeq: Seq | undefined;
      const decide = async (): Promise<void> => {
        if (done.length > 0) decidedSeq = await this.#decide("reprocessed", done.splice(0), asked);
      };
      const normalize = this.#deps.normalizer();
      const outcome = await this.#again(asked, normalize, async (message, found) => {
        for (const [at, one] of found.entries()) this.#append(message, one, at);
        done.push(idOf(message));
        if (done.length === mostOfDecision) await decide();
      });
      await decide();
      return { ...outcome, ...(decidedSeq !== undefined && { decidedSeq }) };
    });
  }

  /** `{problem}` without a reason. */
  discard(asked: Asked): Promise<Discarded | AskedWrongly> {
    return this.#inTurn(async () => {
      const wanted = wantedBy(asked);
      if (typeof wanted === "string") return { problem: wanted };
      const { reason = "" } = asked;
      if (reason.trim() === "") return { problem: "say why with --reason" };
      const ids: string[] = [];
      let more = false;
      const complete = await this.#deps.read((message) => {
        if (!wanted(message)) return true;
        more = ids.length === mostOfQuestion;
        if (!more) ids.push(idOf(message));
        return !more;
      });
      let decidedSeq: Seq | undefined;
      for (let at = 0; at < ids.length; at += mostOfDecision)
        decidedSeq = await this.#decide("discarded", ids.slice(at, at + mostOfDecision), asked);
      const decided = decidedSeq !== undefined && { decidedSeq };
      return { discarded: ids.length, more, complete, ...decided };
    });
  }

  async #again(
    asked: Asked,
    normalize: Normalize,
    take: (message: RejectedMessage, found: readonly NormalizedEvent[]) => Promise<void>,
  ): Promise<AgainOutcome | AskedWrongly> {
    const wanted: Wanted | string = wantedBy(asked);
    if (typeof wanted === "string") return { problem: wanted };
    const counts = { read: 0, rejected: 0, passedOver: 0, unusable: 0 };
    const samples: { id: string; topic: string; now: unknown }[] = [];
    let looked = 0;
    let more = false;
    const complete = await this.#deps.read(async (message) => {
      if (!wanted(message)) return true;
      more = looked === mostOfQuestion;
      if (more) return false;
      looked += 1;
      const now = readNow(normalize, message);
      counts[now.kind] += 1;
      if (samples.length < mostSamples)
        samples.push({ id: idOf(message), topic: message.data.topic, now: now.sample });
      if (now.kind === "read") await take(message, now.events);
      return true;
    });
    return { ...counts, samples, more, complete };
  }

  #append(message: RejectedMessage, one: NormalizedEvent, at: number): void {
    const { draft, log, met } = this.#deps;
    const { device, event, identity, recordClass } = one;
    if (device) met(device);
    const extensions = { ...event.extensions, reprocessed: idOf(message) };
    log.append(
      draft({ ...event, extensions }, recordClass, identity ?? identityOf(message.position, at)),
    );
  }

  async #decide(
    decision: Decision["decision"],
    rejections: readonly string[],
    { by, reason }: Asked,
  ): Promise<Seq> {
    const { log, own } = this.#deps;
    const said = {
      ...(reason !== undefined && { reason: reason.slice(0, mostSaid) }),
      ...(by !== undefined && { by: by.slice(0, mostSaid) }),
    };
    const seq = own({ kind: "decision", data: { decision, rejections, ...said } });
    await untilDurable(log, log.lastSeq);
    return seq;
  }

  /** Two that overlap would both find what neither has decided yet. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work);
    this.#turn = next.catch(() => {});
    return next;
  }
}

function shown({ data, device, receivedMs }: EventOf<"rejection">): object {
  return { receivedMs, device, ...data };
}
