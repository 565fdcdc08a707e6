/**
 * Reads alert transitions in the order of their stream. Where the stream is not the one that was
 * read, everything it holds is read again: readers know a transition by its instance and order.
 */
import type { JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { alertsStream, allAlerts } from "../core/subject.ts";
import type { StoredTransition } from "./alert-log.ts";
import { ensureStream } from "./ensure-stream.ts";
import type { FollowOptions } from "./follow-stream.ts";
import { getLastMessage, getMessage, readStreamFacts, type StreamFacts } from "./message-get.ts";
import type { BackboneOptions } from "./options.ts";
import { parseStoredTransition, parseTransition } from "./parse-transition.ts";
import { type ReadingPlan, SteadyReader, type SteadyReaderDependencies } from "./steady-reader.ts";
import { alertsStreamContract } from "./stream-contract.ts";

/** Alerts are few, and may be large. */
const messagesInFlight = 500;

/** A transition that was read, as the mark to go on behind; plain JSON. */
export interface AlertMark {
  /** When the stream was created, as the server writes it. */
  readonly created: string;
  readonly streamSeq: StreamSeq;
  /** The transition there. */
  readonly id: string;
}

/** A transition with the mark to go on behind it. */
export interface ReadTransition extends StoredTransition {
  readonly mark: AlertMark;
}

export interface AlertReaderDependencies extends SteadyReaderDependencies {
  readonly backboneOptions: BackboneOptions;
}

/**
 * Reads behind `mark`, or the whole stream where there is none, until the signal. Makes the stream
 * where it is missing. `onAnew` is called before the stream is read again from its beginning: places
 * in it are not what they were.
 */
export function openAlertReader(
  mark: AlertMark | undefined,
  signal: AbortSignal,
  deps: AlertReaderDependencies,
  onAnew: () => void,
): SteadyReader<readonly ReadTransition[]> {
  return new SteadyReader(new AlertReading(mark, deps, onAnew), signal, deps);
}

class AlertReading implements ReadingPlan<readonly ReadTransition[]> {
  readonly stream = alertsStream;
  readonly #deps: AlertReaderDependencies;
  readonly #onAnew: () => void;
  #mark: AlertMark | undefined;
  #created = "";
  /** The last message seen, of ours or not. */
  #lastSeq = toStreamSeq(0);

  constructor(mark: AlertMark | undefined, deps: AlertReaderDependencies, onAnew: () => void) {
    this.#mark = mark;
    this.#onAnew = onAnew;
    this.#deps = deps;
  }

  async locate(connection: NatsConnection): Promise<FollowOptions> {
    const facts = await ensureStream(connection, alertsStreamContract(this.#deps.backboneOptions));
    const mark = this.#mark;
    this.#created = facts.created;
    if (mark && !(await holds(connection, facts, mark))) {
      this.#deps.logger.warn("the alerts stream is not the one that was read; reading it again", {
        readUpTo: mark.streamSeq,
        lastSeq: facts.lastSeq,
      });
      this.#mark = undefined;
      this.#onAnew();
    }
    this.#lastSeq = this.#mark?.streamSeq ?? toStreamSeq(0);
    return {
      from: toStreamSeq(this.#lastSeq + 1),
      natsSubjectFilter: allAlerts,
      messagesInFlight,
    };
  }

  take(messages: readonly JsMsg[]): {
    readonly batch?: readonly ReadTransition[];
    readonly astray: boolean;
  } {
    const batch: ReadTransition[] = [];
    let astray = false;
    for (const message of messages) {
      const streamSeq = toStreamSeq(message.seq);
      astray = streamSeq <= this.#lastSeq;
      if (astray) break;
      this.#lastSeq = streamSeq;
      const transition = parseStoredTransition(message.subject, message.data);
      if (!transition) {
        this.#deps.logger.warn(
          "a message is no alert transition under its own subject, and was passed over",
          { natsSubject: message.subject, streamSeq },
        );
        continue;
      }
      this.#mark = { created: this.#created, streamSeq, id: transition.id };
      batch.push({ transition, streamSeq, mark: this.#mark });
    }
    return batch.length > 0 ? { batch, astray } : { astray };
  }

  async isUpToDate(connection: NatsConnection): Promise<boolean> {
    const facts = await readStreamFacts(connection, alertsStream);
    if (facts?.created !== this.#created) return false;
    if (this.#mark && !(await holds(connection, facts, this.#mark))) return false;
    const last = await getLastMessage(connection, alertsStream, allAlerts);
    return last === undefined || last.streamSeq <= this.#lastSeq;
  }
}

/** True when the stream has the marked transition where it was read, or has let go of it by age. */
async function holds(
  connection: NatsConnection,
  facts: StreamFacts,
  mark: AlertMark,
): Promise<boolean> {
  if (facts.created !== mark.created || facts.lastSeq < mark.streamSeq) return false;
  const message = await getMessage(connection, alertsStream, mark.streamSeq);
  return message === undefined || parseTransition(message.body)?.id === mark.id;
}
