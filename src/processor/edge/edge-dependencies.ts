/** What the rules of a gateway work with. */
import type { AlertTransition } from "../../core/alert.ts";
import type { Clock } from "../../core/clock.ts";
import type { Origin } from "../../core/event.ts";
import type { Seq } from "../../core/ids.ts";
import type { LogAccounts } from "../../core/log-accounts.ts";
import type { ReadableLog } from "../../core/log-reader.ts";
import type { LogWriter } from "../../core/log-writer.ts";
import type { Engine } from "../engine.ts";
import type { GuardDependencies } from "../guarded-engine.ts";
import type { EdgeMemory, EdgeMemoryFile } from "./edge-memory.ts";
import type { EdgeTeller } from "./edge-teller.ts";

export interface EdgeDependencies extends GuardDependencies {
  readonly origin: Origin;
  readonly clock: Clock;
  readonly log: ReadableLog & Pick<LogAccounts, "keepBehind"> & Pick<LogWriter, "lastSeq">;
  /** Appends what was found to the log. */
  readonly append: (found: AlertTransition) => Seq;
  readonly file: EdgeMemoryFile;
  readonly tellers: readonly EdgeTeller[];
  /** A transition that is found this long after it happened is late. */
  readonly lateAfterMs: number;
}

/** What the rules go on from. */
export interface EdgeStart {
  readonly engine: Engine;
  /** Absent where nothing is known of before. */
  readonly memory: EdgeMemory | undefined;
  /** There are no rules any more: it ends once nothing is open, and nobody is to be told of anything. */
  readonly isLast: boolean;
}
