/**
 * The contract of a lane: one pipelined run of publishes on one connection, from a known end of the
 * stream.
 *
 * A lane stores each record directly behind the one before it, or not at all. It never repairs
 * anything: at the first anomaly it takes no more, waits for the answers that are still to come, and
 * says what became of the rest. Whoever opened it looks at the stream and opens another; there are
 * never two at once.
 *
 * Invariants
 * - What is confirmed is confirmed in order and without a hole.
 * - After `end` nothing is confirmed any more.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "../core/clock.ts";
import type { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import type { StreamSeq } from "../core/ids.ts";
import type { StreamPosition } from "../core/log-accounts.ts";
import type { StoredRecord } from "../core/record.ts";
import type { Candidate } from "./give-up.ts";
import type { RefusedRecord } from "./taken-places.ts";

/** What a server that reads nothing leaves in the memory of the process, and one message more. */
export const mostUnansweredBytes = 16 * 2 ** 20;

export interface LaneOptions {
  readonly connection: NatsConnection;
  readonly origin: Origin;
  /** The stream's last sequence, behind which the lane begins. */
  readonly lastStreamSeq: StreamSeq;
  /** How many may be unanswered. */
  readonly window: number;
  /** Messages have the trace of their event as headers. */
  readonly traceHeaders?: boolean;
  /** A subject of our own, used by nobody else. */
  readonly inbox: string;
  readonly clock: Clock;
  /** Called at most once per burst of answers, with the last of the records in order. */
  readonly onConfirmed: (position: StreamPosition, count: number) => void;
  /** Called when there is room again, and when the lane has an anomaly. */
  readonly onChange: () => void;
}

export interface Lane {
  /** Records without an answer. */
  readonly inFlight: number;
  /** True while nothing may be published. */
  readonly full: boolean;
  /** Why nothing more may be published here; undefined while all is well. */
  readonly anomaly: GatewayError | undefined;
  /** True when no further answer can come, or none came for so long that none is expected. */
  readonly quiet: boolean;
  /**
   * Publishes one record and gives the bytes that it takes; 0, and nothing is sent, when the server
   * takes no message so large. Only while the lane is neither full nor has an anomaly. The record's
   * memory is free again afterwards.
   */
  publish(record: StoredRecord): number;
  /** Takes no more records and gives the reason. Answers still count until `end`. */
  fail(anomaly: GatewayError): void;
  /** Hears no more answers. Gives what is to be seen to besides reading the position again. */
  end(): LaneRest;
}

/** What became of the records that were not confirmed, as far as it is for ever or in doubt. */
export interface LaneRest {
  /**
   * The first that is larger than the server takes. Those behind it are tried again: where the stream
   * itself has a limit now, whoever looks at it goes no further.
   */
  readonly tooLarge: Candidate | undefined;
  /**
   * Refused for another reason. If the stream is found to end behind the place that was meant for
   * one of them, either that record is stored there after all or a stranger's message is.
   */
  readonly refused: readonly RefusedRecord[];
}
