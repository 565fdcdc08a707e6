/** Events of a node or a device, made of one message. */
import type { EpochMs } from "../../core/clock.ts";
import type { Status } from "../../core/event.ts";
import { staleExtensions } from "../../core/extensions.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { RawMessage } from "../../core/message.ts";
import { extensionsOf, rejectionOf, statusEventOf } from "../../normalize/make-event.ts";
import type { Misfit } from "../../normalize/misfit.ts";
import type { NormalizedEvent, StoredMessage } from "../../normalize/normalized.ts";
import type { ReadingLimits } from "../../normalize/read-member.ts";
import { chooseTime, type EventTime } from "../../normalize/times/device-time.ts";
import { mostEventsOfMessage, mostMeasurementsOfEvent } from "./bounds.ts";
import type { Member } from "./edge-node.ts";

/** What belongs into one event: values of one moment. */
interface Draft {
  readonly timeMs: EpochMs | undefined;
  readonly isHistorical: boolean;
  readonly measurements: Measurement[];
  readonly problems: string[];
}

/** A node whose clock is right may tell of what it measured long ago. */
const oldestMs = 10 * 366 * 86_400_000;

export class MemberEvents {
  readonly #message: RawMessage;
  readonly #clockSynced: boolean;
  readonly #limits: ReadingLimits;
  readonly #maxAgeMs: number;
  readonly #drafts: Draft[] = [];
  /** The last draft of each moment but that of the very last; most messages are of one moment. */
  #earlier: Map<string, Draft> | undefined;
  readonly #others: NormalizedEvent[] = [];
  #tooMany = 0;

  /** `saidMs` is when the node says that it sent the message. */
  constructor(
    message: RawMessage,
    clockSynced: boolean,
    limits: ReadingLimits,
    saidMs: EpochMs | undefined,
  ) {
    this.#message = message;
    this.#clockSynced = clockSynced;
    this.#limits = limits;
    const isRight =
      saidMs !== undefined && Math.abs(message.receivedMs - saidMs) <= limits.maxAgeMs;
    this.#maxAgeMs = isRight ? oldestMs : limits.maxAgeMs;
  }

  status(member: Member, state: Status["state"], text: string): void {
    const { client, attributes } = this.#message;
    const said = { state, cause: attributes.will ? "will" : "reported", text };
    const data = client === undefined ? said : { ...said, client };
    this.#others.push(statusEventOf(this.#message, this.now, member.known, data));
  }

  reject(member: Member | undefined, misfit: Misfit): void {
    const who = member && { device: member.known, profile: member.known.profile.id };
    const refused = { ...misfit, ...who };
    this.#others.push(rejectionOf(this.#message, this.now, refused, this.#limits.maxRejectedBytes));
  }

  measure(
    measurement: Measurement,
    timeMs: EpochMs | undefined,
    isHistorical: boolean,
    problem: string | undefined,
  ): void {
    const draft = this.#draftOf(measurement.name, timeMs, isHistorical);
    if (draft === undefined) {
      this.#tooMany += 1;
      return;
    }
    draft.measurements.push(measurement);
    if (problem !== undefined) draft.problems.push(problem);
  }

  /** Values of one moment stand together; the oldest moment is the first. Undefined for nothing. */
  stored(member: Member | undefined): StoredMessage | undefined {
    if (this.#tooMany > 0)
      this.reject(member, {
        code: "undecodable",
        reason: `${this.#tooMany} values were left out, since a message gives at most ${mostEventsOfMessage} events`,
      });
    const events = this.#others;
    this.#drafts.sort((one, other) => (one.timeMs ?? 0) - (other.timeMs ?? 0));
    if (member !== undefined)
      for (const draft of this.#drafts) events.push(this.#eventOf(member, draft));
    const [first] = events;
    return first && (events.length === 1 ? first : { ...first, more: events.slice(1) });
  }

  #draftOf(name: string, timeMs: EpochMs | undefined, isHistorical: boolean): Draft | undefined {
    const last = this.#drafts.at(-1);
    const isOfLast = last?.timeMs === timeMs && last?.isHistorical === isHistorical;
    const open = isOfLast ? last : this.#earlier?.get(keyOf(timeMs, isHistorical));
    if (open !== undefined && open.measurements.length < mostMeasurementsOfEvent)
      if (!open.measurements.some((one) => one.name === name)) return open;
    if (this.#drafts.length === mostEventsOfMessage) return undefined;
    if (last !== undefined) {
      this.#earlier ??= new Map();
      this.#earlier.set(keyOf(last.timeMs, last.isHistorical), last);
    }
    const draft = { timeMs, isHistorical, measurements: [], problems: [] };
    this.#drafts.push(draft);
    return draft;
  }

  #eventOf({ known }: Member, draft: Draft): NormalizedEvent {
    const { isHistorical, measurements, problems, timeMs } = draft;
    const message = this.#message;
    const { receivedMs } = message;
    const { maxSkewMs } = this.#limits;
    const time = chooseTime(timeMs, receivedMs, this.#clockSynced, maxSkewMs, this.#maxAgeMs);
    const said = extensionsOf(message, problems);
    return {
      event: {
        kind: "measurement",
        device: known.id,
        receivedMs,
        timeMs: time.timeMs,
        clock: time.clock,
        deviceTimeMs: time.deviceTimeMs,
        profile: known.profile.id,
        extensions: isHistorical ? { ...said, ...staleExtensions } : said,
        data: measurements,
      },
      recordClass: "telemetry",
      device: known,
    };
  }

  /** The time of what says none. */
  get now(): EventTime {
    const { maxAgeMs, maxSkewMs } = this.#limits;
    return chooseTime(undefined, this.#message.receivedMs, this.#clockSynced, maxSkewMs, maxAgeMs);
  }
}

function keyOf(timeMs: EpochMs | undefined, isHistorical: boolean): string {
  return `${timeMs ?? ""}${isHistorical ? " historical" : ""}`;
}
