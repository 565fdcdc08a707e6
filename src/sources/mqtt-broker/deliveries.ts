/**
 * Which messages are open: of QoS 2 published and not yet released, of QoS 1 without a PUBACK. One that
 * is published again while it is open is not stored a second time, also not after a kill.
 *
 * The event and the fact that it is open are one record of the log, so no crash comes between them.
 * A release is an entry in a file of its own, which also lists what was open when it was begun; what
 * became open after that is read out of the log at the start.
 *
 * Invariants
 * - A release is written only for a message whose event is on disk, and the client hears of it when
 *   the release is on disk too.
 * - The list in the file is made between commits of the log: it has every open message of a record
 *   up to the seq it names, and none behind it.
 * - A message with several events has as many records, written together. Where a crash left some of
 *   them, the message is given to the sink again, which stores the others.
 * - Sessions that end with their connection are in memory only: there is nobody to come back.
 * - Of QoS 1 those are listed whose connection broke; those of a crash stand behind the mark.
 */
import type { Clock } from "../../core/clock.ts";
import type { Disk } from "../../core/disk.ts";
import type { Logger } from "../../core/logger.ts";
import { isDurable } from "../../core/receipt.ts";
import type { Delivery } from "../../core/record.ts";
import type { RecordLog } from "../../core/record-log.ts";
import { AnsweredMark } from "./answered-mark.ts";
import { DeliveryJournal, type TableState } from "./delivery-journal.ts";
import {
  addTo,
  type DeliverySession,
  findIn,
  mostPerSession,
  type OpenMessages,
} from "./delivery-session.ts";
import { findOpenDeliveries } from "./find-open-deliveries.ts";
import { OpenDelivery } from "./open-delivery.ts";
import { PassingDeliveries } from "./passing-deliveries.ts";
import { partsOf, TornDeliveries } from "./torn-deliveries.ts";
import { UnansweredMessages } from "./unanswered-messages.ts";

/** Open messages of all kept sessions together. */
const mostInAll = 100_000;
/** How many records a start may have to read again. */
const mostUncovered = 50_000;

export interface DeliveriesDeps {
  /** Made when it is not there. */
  readonly folder: string;
  readonly disk: Disk;
  /** The log that the messages go into. */
  readonly log: Pick<RecordLog, "durableSeq" | "lastSeq" | "onDurable" | "openReader">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Shared by the brokers of a gateway. */
export interface Deliveries {
  /** `kept`: the session is to outlive the connection, and the process. */
  session(name: string, kept: boolean): DeliverySession;
  /** The client wants to begin anew; resolves when nothing of its session can come back. */
  clear(name: string): Promise<void>;
  /** To be called when the brokers are stopped and the log is still open. */
  close(): Promise<void>;
}

/**
 * Finds what was left open. Throws `buffer.version` when a later version of the program wrote the
 * table; whatever else is wrong with it, at worst a resend is stored twice.
 */
export async function openDeliveries(deps: DeliveriesDeps): Promise<Deliveries> {
  const table = new DeliveryTable(deps);
  await table.open();
  return table;
}

class DeliveryTable implements Deliveries {
  readonly #deps: DeliveriesDeps;
  readonly #journal: DeliveryJournal;
  /** Kept sessions with open messages; the one that used QoS 2 longest ago stands first. */
  readonly #sessions = new Map<string, OpenMessages>();
  /** Messages of an earlier process that are stored in part: they wait to be sent again. */
  readonly #torn = new TornDeliveries();
  readonly #passing = new PassingDeliveries();
  readonly #mark: AnsweredMark;
  readonly #unanswered: UnansweredMessages;
  /** The list of the unanswered in the file is not the present one. */
  #isListOld = false;
  /** Open messages of sessions that are kept. */
  #kept = 0;
  #unsubscribe = (): void => {};

  constructor(deps: DeliveriesDeps) {
    this.#deps = deps;
    this.#journal = new DeliveryJournal({ ...deps, state: () => this.#state() });
    this.#mark = new AnsweredMark({ ...deps, moved: () => this.#writeMark() });
    this.#unanswered = new UnansweredMessages({
      torn: this.#torn,
      met: () => this.#mark.wake(),
      changed: () => {
        this.#isListOld = true;
        this.#mark.wake();
      },
    });
  }

  async open(): Promise<void> {
    const { log } = this.#deps;
    const entries = await this.#journal.load();
    const { open, torn } = await findOpenDeliveries(entries, this.#deps);
    for (const one of torn) this.#torn.add(one);
    for (const delivery of open) {
      if (delivery.untilPuback === undefined) this.#found(delivery);
      else this.#unanswered.add(delivery);
    }
    await this.#journal.begin();
    this.#unsubscribe = log.onDurable(() => {
      if (log.durableSeq - this.#journal.coveredSeq >= mostUncovered) this.#journal.renew();
    });
  }

  #found(delivery: Delivery): void {
    const messages: OpenMessages = this.#sessions.get(delivery.session) ?? new Map();
    messages.set(delivery.packetId, new OpenDelivery(delivery, true, true));
    this.#sessions.set(delivery.session, messages);
    this.#kept += 1;
  }

  session(name: string, kept: boolean): DeliverySession {
    return kept ? this.#keptSession(name) : this.#passing.session(name);
  }

  #keptSession(name: string): DeliverySession {
    const messages = (): OpenMessages | undefined => this.#sessions.get(name);
    const unanswered = this.#unanswered.session(name);
    return {
      unanswered,
      find: (packetId, hash) => findIn(messages(), packetId, hash),
      begin: (packetId, hash) => {
        const into = messages() ?? new Map();
        if (!into.has(packetId)) {
          if (into.size >= mostPerSession || !this.#makeRoom(name)) return undefined;
          this.#kept += 1;
        }
        this.#sessions.delete(name);
        this.#sessions.set(name, into);
        const delivery = { session: name, packetId, hash };
        const torn = this.#torn.take(delivery);
        return addTo(into, new OpenDelivery(delivery, true, false, torn));
      },
      release: (packetId) => {
        const open = messages()?.get(packetId);
        if (open === undefined) return undefined;
        const upTo = this.#deps.log.lastSeq;
        return async () => {
          open.released ??= this.#release(open, upTo);
          await open.released;
          this.#remove(open);
        };
      },
      end: () => unanswered.end(),
    };
  }

  async clear(name: string): Promise<void> {
    this.#torn.forget(name);
    if (this.#unanswered.clear(name)) await this.#writeCleared(name);
    const messages = this.#sessions.get(name);
    if (messages === undefined) return;
    await this.#untilStored(messages);
    if (this.#sessions.get(name) === messages) await this.#forget(name);
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    this.#mark.stop();
    await this.#journal.close();
  }

  /** The message's record stands at or below `upTo`, a later one with its number above. */
  async #release(open: OpenDelivery, upTo: number): Promise<void> {
    await open.whenAnswered();
    const { packetId, session } = open;
    const seq = Math.min(upTo, this.#deps.log.durableSeq);
    await this.#journal.append({ kind: "released", session, packetId, seq });
  }

  /** Without effect when it was removed before, or another message has its number by now. */
  #remove(open: OpenDelivery): void {
    const messages = this.#sessions.get(open.session);
    if (messages?.get(open.packetId) !== open) return;
    messages.delete(open.packetId);
    this.#kept -= 1;
    if (messages.size === 0) this.#sessions.delete(open.session);
  }

  /** Forgets a session all of whose messages are stored. */
  async #forget(name: string): Promise<void> {
    this.#kept -= this.#sessions.get(name)?.size ?? 0;
    this.#sessions.delete(name);
    await this.#writeCleared(name);
  }

  #writeCleared(session: string): Promise<void> {
    return this.#journal.append({ kind: "cleared", session, seq: this.#deps.log.durableSeq });
  }

  #writeMark(): void {
    if (this.#isListOld) this.#journal.renew();
    else void this.#journal.append({ kind: "answered", seq: this.#mark.seq });
  }

  /** Where too many are open, the session goes that used QoS 2 longest ago. */
  #makeRoom(asking: string): boolean {
    for (const [oldest, messages] of this.#sessions) {
      if (this.#kept < mostInAll) break;
      if (oldest === asking || ![...messages.values()].every(this.#isStored)) continue;
      this.#deps.logger.warn("too many open QoS 2 messages: those of a session are forgotten", {
        session: oldest,
      });
      void this.#forget(oldest);
    }
    return this.#kept < mostInAll;
  }

  #untilStored(messages: OpenMessages): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (![...messages.values()].every(this.#isStored)) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.#deps.log.onDurable(look);
      look();
    });
  }

  readonly #isStored = ({ receipt }: OpenDelivery): boolean =>
    receipt !== undefined && isDurable(receipt, this.#deps.log.durableSeq);

  #state(): TableState {
    const { durableSeq } = this.#deps.log;
    const open: Delivery[] = [...this.#torn.all()].flatMap(partsOf);
    for (const messages of this.#sessions.values())
      for (const message of messages.values())
        if (!this.#isStored(message)) open.push(...(message.torn ? partsOf(message.torn) : []));
        else if (message.released === undefined) open.push(message);
    for (const { delivery, receipt } of this.#unanswered.all())
      if (isDurable(receipt, durableSeq)) open.push(delivery);
    this.#isListOld = false;
    return { coveredSeq: durableSeq, answeredSeq: this.#mark.seq, open };
  }
}
