/**
 * The contract of the durable log. The buffer keeps it; what is received is appended to it, the
 * forwarder reads from it. Whoever needs a part of it takes that part.
 */
import type { LogAccounts } from "./log-accounts.ts";
import type { ReadableLog } from "./log-reader.ts";
import type { LogWriter } from "./log-writer.ts";

/** The durable log of one gateway. One process, one log, one data folder. */
export interface RecordLog extends LogWriter, ReadableLog, LogAccounts {}
