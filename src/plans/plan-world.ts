/** What a run does in the world; each of it may be done again without harm. */
import type { Command, CommandReply } from "../core/command.ts";
import type { StreamSeq } from "../core/ids.ts";
import type { RunPlace } from "../stream/plan-log.ts";
import type { PersonsWord, PlanRun } from "./plan-run.ts";

/** A run as it stands in the stream. */
export interface StoredRun {
  readonly run: PlanRun;
  /** Of its last change, which the next one names. */
  readonly streamSeq: StreamSeq;
}

/** The last message under a run's name. */
export interface StoredHead {
  /** Undefined where nobody can read it as this run. */
  readonly run: PlanRun | undefined;
  readonly streamSeq: StreamSeq;
}

/** All of these reject where the backbone is away; nobody knows then whether it was done. */
export interface PlanWorld {
  /** Stores a change behind the one that is known; undefined where another one is the last. */
  store(run: PlanRun, after: number): Promise<StreamSeq | undefined>;
  /** The last message of the run; undefined where the stream has nothing of it. */
  read(run: RunPlace): Promise<StoredHead | undefined>;
  issue(command: Command): Promise<void>;
  /** Takes a command back, as far as nothing of it was sent. */
  takeBack(command: Command, word: PersonsWord): Promise<void>;
  /** All that is stored of what the gateway said of a command, in its order. */
  repliesOf(command: Command): Promise<readonly CommandReply[]>;
  /** Calls a person to a stuck run, or tells that somebody saw to it. */
  tellStuck(run: PlanRun): Promise<void>;
}
