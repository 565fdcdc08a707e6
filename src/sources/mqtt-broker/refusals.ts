/**
 * What the broker refuses, and whom it closes: counted by reason, and told to the journal and to the
 * status with who it was, what it was about, and which limit.
 */
import type { Audit } from "../../core/audit.ts";
import type { EpochMs } from "../../core/clock.ts";
import type { Counter } from "../../core/metrics.ts";
import type { Refusal, RefusalFacts } from "../../core/refusal.ts";
import { auditRefusal } from "./audited-refusals.ts";
import type { BrokerMetrics } from "./broker-metrics.ts";
import type { VisitorsBook } from "./visitors-book.ts";

/** What became of it. */
const outcomes = {
  client: "refused a client",
  publish: "refused a publish and closed the connection",
  large: "kept the beginning of a message that is too large, as a rejection",
  message: "refused a message and told its client",
  filter: "refused a filter",
  retain: "delivered a message and did not retain it",
  drop: "dropped a message for a subscriber that is away, does not keep up or takes less",
  subscriber: "closed a subscriber that does not keep up",
  session: "gave up the session of a client that is away, to make room",
} as const;
export type RefusalKind = keyof typeof outcomes;

/** As much of a name as is told; a topic may have 64 KiB. */
const shownLength = 200;

export interface RefusalsDeps {
  readonly audit: Audit;
  readonly book: VisitorsBook;
  readonly metrics: BrokerMetrics;
  readonly nowMs: () => EpochMs;
}

export class Refusals {
  readonly #audit: Audit;
  readonly #book: VisitorsBook;
  readonly #nowMs: () => EpochMs;
  readonly #counters: Readonly<Record<RefusalKind, Counter>>;
  /** By kind and reason, of which there are few; the latest stands last. */
  readonly #entries = new Map<string, Refusal>();

  constructor({ audit, book, metrics, nowMs }: RefusalsDeps) {
    this.#audit = audit;
    this.#book = book;
    this.#nowMs = nowMs;
    this.#counters = {
      client: metrics.connectionsRefused,
      publish: metrics.publishesRefused,
      large: metrics.publishesCut,
      message: metrics.publishesRefused,
      filter: metrics.subscriptionsRefused,
      retain: metrics.retainedRefused,
      drop: metrics.queueDropped,
      subscriber: metrics.subscribersClosed,
      session: metrics.sessionsGivenUp,
    };
  }

  /** By reason, the latest first. */
  get latest(): readonly Refusal[] {
    return [...this.#entries.values()].reverse();
  }

  /** One was refused, or so many at once. */
  note(kind: RefusalKind, reason: string, facts: RefusalFacts, times = 1): void {
    const what = outcomes[kind];
    const key = `${kind} ${reason}`;
    const last = shown(facts);
    const count = (this.#entries.get(key)?.count ?? 0) + times;
    this.#counters[kind].add(times, { reason });
    this.#entries.delete(key);
    this.#entries.set(key, { what, reason, count, lastMs: this.#nowMs(), last });
    this.#book.note("warn", what, key, whoOf(kind, last), { reason, ...last }, times);
    auditRefusal(this.#audit, reason, last, times);
  }
}

/** Strangers are told apart by address, since they make up names. Where room is made, who went is chance. */
function whoOf(kind: RefusalKind, { address = "", client = "" }: RefusalFacts): string {
  if (kind === "session") return "";
  return kind === "client" ? address : `${address} ${client}`;
}

/** Without names that are empty, and with no more of long ones than fits a line. */
function shown({ address, client, topic, user, ...facts }: RefusalFacts): RefusalFacts {
  const names = Object.entries({ address, client, user, topic }).flatMap(([name, text]) =>
    text ? [[name, beginningOf(text)] as const] : [],
  );
  return { ...Object.fromEntries(names), ...facts };
}

/** A copy: a part of a text would keep all of it in memory. */
function beginningOf(text: string): string {
  if (text.length <= shownLength) return text;
  return `${Buffer.from(text.slice(0, shownLength), "utf16le").toString("utf16le")}…`;
}
