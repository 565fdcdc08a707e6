/** Accounts for records that cannot be stored in their place, and passes over them from then on. */
import type { Origin } from "../core/event.ts";
import type { RecordClass } from "../core/event-kind.ts";
import type { LogPosition } from "../core/ids.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { Logger } from "../core/logger.ts";
import type { DeclareGap } from "./declare-gap.ts";
import type { PassedOver } from "./passed-over.ts";
import { storeAgain } from "./store-again.ts";

/** A record as far as its gap event needs it. */
export interface Candidate extends LogPosition {
  readonly recordClass: RecordClass;
}

/**
 * `set-aside`: it is too large for the server. `displaced`: somebody else's message took its place
 * in the stream, and those behind it were stored.
 */
export type GiveUpReason = "set-aside" | "displaced";

export interface GiveUpDependencies {
  readonly log: ReadableLog & LogWriter;
  readonly origin: Origin;
  readonly passedOver: PassedOver;
  readonly declareGap: DeclareGap;
  readonly logger: Logger;
  /** Called for each record that is newly declared. */
  readonly onGivenUp: () => void;
}

/** Resolves when the gap event, and what is sent instead, are durable. */
export type GiveUp = (
  record: Candidate,
  reason: GiveUpReason,
  signal: AbortSignal,
) => Promise<void>;

export function createGiveUp(deps: GiveUpDependencies): GiveUp {
  const { declareGap, log, logger, onGivenUp, origin, passedOver } = deps;
  return async ({ recordClass, run, seq }, reason, signal) => {
    if (await passedOver.wasDeclared({ run, seq })) return passedOver.add(seq);
    if (reason === "displaced") {
      await storeAgain(log, origin, { run, seq }, signal);
      logger.error("somebody else's message took a record's place; it is sent with a new id", {
        run,
        seq,
        advice: "allow only the gateway's own user to publish into its stream",
      });
    } else {
      logger.error("a record is larger than the backbone takes; it is set aside", { run, seq });
    }
    const range = { run, from: seq, to: seq, count: 1, class: recordClass, reason };
    await declareGap([range], signal);
    onGivenUp();
    passedOver.add(seq);
  };
}
