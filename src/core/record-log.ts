/**
 * The contract of the durable log. The buffer keeps it; sources append through it, the forwarder
 * reads from it, and what comes back is only "done". Whoever needs a part of it takes that part.
 */
import type { LogAccounts } from "./log-accounts.ts";
import type { ReadableLog } from "./log-reader.ts";
import type { LogWriter } from "./log-writer.ts";

/** The durable log of one gateway. One process, one log, one data folder. */
export interface RecordLog extends LogWriter, ReadableLog, LogAccounts {}
