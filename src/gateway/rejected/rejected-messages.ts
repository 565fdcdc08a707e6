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
import type { EventOf } from "../../core/event.ts";
import type { DraftEvent } from "../../core/event-draft.ts";
import type { LogWriter } from "../../core/log-writer.ts";
import type { RawMessage } from "../../core/message.ts";
import type { Asked } from "../../core/question.ts";
import { untilDurable } from "../../core/until-durable.ts";
import type { KnownDevice } from "../../normalize/known-device.ts";
import type { Normalized, NormalizedEvent } from "../../normalize/normalized.ts";
import type { OwnStatement } from "../ingest.ts";
import { identityOf } from "./again-identity.ts";
import { type RejectedGroup, RejectedGroups } from "./groups.ts";
import { namedDevice, type RejectedMessage, rawMessageOf, unusable } from "./rejected-message.ts";
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
  readonly own: (statement: OwnStatement) => void;
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
}

type Normalize = (message: RawMessage, clockSynced: boolean) => Normalized;

/** So many at a time, of each question. */
const mostOfQuestion = 1_000;
const mostOfDecision = 64;
const mostSamples = 5;

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
    const messages: object[] = [];
    const complete = await this.#deps.read((message) => {
      if (wanted(message)) messages.push({ id: idOf(message), ...shown(message) });
      return messages.length < most;
    });
    return { messages, complete };
  }

  /** What would become of them; nothing changes. */
  try(asked: Asked): Promise<object> {
    return this.#again(asked, async () => {});
  }

  /** Stores what is read now, and decides about it. */
  reprocess(asked: Asked): Promise<object> {
    return this.#inTurn(async () => {
      const done: string[] = [];
      const decide = async (): Promise<void> => {
        if (done.length > 0) await this.#decide("reprocessed", done.splice(0), asked["reason"]);
      };
      const outcome = await this.#again(asked, async (message, found) => {
        for (const [at, one] of found.entries()) this.#append(message, one, at);
        done.push(idOf(message));
        if (done.length === mostOfDecision) await decide();
      });
      await decide();
      return outcome;
    });
  }

  /** `{discarded, more, complete}`, or `{problem}` without a reason. */
  discard(asked: Asked): Promise<object> {
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
      for (let at = 0; at < ids.length; at += mostOfDecision)
        await this.#decide("discarded", ids.slice(at, at + mostOfDecision), reason);
      return { discarded: ids.length, more, complete };
    });
  }

  async #again(
    asked: Asked,
    take: (message: RejectedMessage, found: readonly NormalizedEvent[]) => Promise<void>,
  ): Promise<AgainOutcome | { readonly problem: string }> {
    const wanted: Wanted | string = wantedBy(asked);
    if (typeof wanted === "string") return { problem: wanted };
    const normalize = this.#deps.normalizer();
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

  #decide(
    decision: "reprocessed" | "discarded",
    rejections: readonly string[],
    reason: string | undefined,
  ): Promise<void> {
    const { log, own } = this.#deps;
    const why = reason === undefined ? {} : { reason: reason.slice(0, 512) };
    own({ kind: "decision", data: { decision, rejections, ...why } });
    return untilDurable(log, log.lastSeq);
  }

  /** Two that overlap would both find what neither has decided yet. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(work);
    this.#turn = next.catch(() => {});
    return next;
  }
}

function readNow(normalize: Normalize, message: RejectedMessage) {
  const why = unusable(message);
  if (why !== undefined) return { kind: "unusable", sample: why } as const;
  const found = normalizeAgain(normalize, message);
  if (found.passedOver !== undefined)
    return { kind: "passedOver", sample: found.passedOver } as const;
  const all = [found, ...(found.more ?? [])];
  const rejection = all.find(({ event }) => event.kind === "rejection");
  if (rejection) return { kind: "rejected", sample: reasonOf(rejection.event) } as const;
  return { kind: "read", events: all, sample: all.map(({ event }) => sampleOf(event)) } as const;
}

/**
 * Credentials may have named the device, and then it is that one whatever its topic says; where the
 * topic says the same, nothing is lost by asking it.
 */
function normalizeAgain(normalize: Normalize, message: RejectedMessage): Normalized {
  const isSynced = message.clock !== "unsynced";
  const found = normalize(rawMessageOf(message, undefined), isSynced);
  const named = namedDevice(message);
  if (named === undefined) return found;
  const isOwn =
    found.passedOver === undefined &&
    [found, ...(found.more ?? [])].every(({ event }) => event.device === named);
  return isOwn ? found : normalize(rawMessageOf(message, named), isSynced);
}

function shown({ data, device, receivedMs }: EventOf<"rejection">): object {
  return { receivedMs, device, ...data };
}

function reasonOf(event: NormalizedEvent["event"]): string {
  return event.kind === "rejection" ? event.data.reason : "";
}

function sampleOf({ data, device, kind, timeMs }: NormalizedEvent["event"]): object {
  return { device, kind, timeMs, data };
}
