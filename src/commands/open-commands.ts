/** Joins the room: the ledger, the reader of the stream, and who does what they say. */
import { sleep } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import type { Logger } from "../core/logger.ts";
import type { RawMessage } from "../core/message.ts";
import type { RecordLog } from "../core/record-log.ts";
import { systemReason } from "../core/system-reason.ts";
import { untilDurable } from "../core/until-durable.ts";
import { type CommandReaderDependencies, openCommandReader } from "../stream/command-reader.ts";
import type { CommandsStatus } from "./commands-status.ts";
import { Executor, type ExecutorDependencies } from "./executor.ts";
import { LedgerFile, readLedger } from "./ledger-file.ts";
import { type Recollection, recollect } from "./recollection.ts";

export interface CommandsDependencies
  extends Omit<ExecutorDependencies, "changed" | "log">,
    Omit<CommandReaderDependencies, "logger"> {
  readonly origin: Origin;
  /**
   * False while it is not known whether steps can be told, or known that they cannot: the stream of this
   * gateway may have another writer, who has the same orders. True without a connection.
   */
  readonly mayTell: () => boolean;
  readonly logger: Logger;
  readonly disk: Disk;
  /** The data folder; this room has a folder of its own in it. */
  readonly folder: string;
  readonly log: Pick<RecordLog, "durableSeq" | "firstSeq" | "lastSeq" | "onDurable" | "openReader">;
}

/** The commands of a gateway, as the rest of it sees them. */
export interface Commands {
  /** To be called with every message before it is stored; cheap while no answer is waited for. */
  onMessage(message: RawMessage): void;
  /** A device may be there that was not, or profiles were read anew. */
  wake(): void;
  status(): CommandsStatus;
  /** To be called while the sources are open and the log takes records. */
  stop(): Promise<void>;
}

/** A start does not wait longer to know what came before; commands do. */
const recallWithinMs = 2_000;
const tryAgainMs = 5_000;
const lookWhetherMs = 100;
const lookEveryMs = 1_000;
/** What has not come again so long after the stream can be read is not in it any more. */
const awaitedMs = 60_000;
/** A start reads so many records behind the ledger in no time, and devices wait for it. */
const mostBehind = 20_000;

/**
 * Begins to take commands; resolves when what an earlier process had in hand is known, or soon anyway.
 * Answers are heard from then on, so sources are opened behind it.
 */
export async function openCommands(deps: CommandsDependencies): Promise<Commands> {
  const commands = new RunningCommands(deps);
  await commands.recalled();
  return commands;
}

class RunningCommands implements Commands {
  readonly #deps: CommandsDependencies;
  readonly #folder: string;
  readonly #stopping = new AbortController();
  readonly #recalling: Promise<void>;
  readonly #running: Promise<void>;
  #executor: Executor | undefined;
  #ledger: LedgerFile | undefined;
  #trouble: string | undefined;

  constructor(deps: CommandsDependencies) {
    this.#deps = deps;
    this.#folder = `${deps.folder}/commands`;
    this.#recalling = this.#recall();
    this.#running = this.#recalling.then(() => this.#read());
  }

  async recalled(): Promise<void> {
    await Promise.race([this.#recalling, sleep(this.#deps.clock, recallWithinMs)]);
  }

  onMessage(message: RawMessage): void {
    this.#executor?.onMessage(message);
  }

  wake(): void {
    this.#executor?.wake();
  }

  status(): CommandsStatus {
    const status = this.#executor?.status() ?? { open: 0, waiting: 0, ended: {} };
    return this.#trouble === undefined ? status : { ...status, trouble: this.#trouble };
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#executor?.stop();
    await this.#ledger?.stop();
  }

  async #recall(): Promise<void> {
    const { clock, disk, log, logger } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted)
      try {
        await disk.makeFolder(this.#folder);
        const found = await readLedger(disk, this.#folder);
        await untilDurable(log, log.lastSeq, signal);
        const recollection = await recollect(found, log, logger, signal);
        if (!signal.aborted) this.#begin(recollection);
        this.#trouble = undefined;
        return;
      } catch (thrown) {
        if (signal.aborted) return;
        const reason = systemReason(thrown);
        if (this.#trouble === undefined)
          logger.error("what became of commands cannot be read; none is taken", { reason });
        this.#trouble = `what became of commands cannot be read: ${reason}`;
        await sleep(clock, tryAgainMs, signal);
      }
  }

  #begin(recollection: Recollection): void {
    const ledger = new LedgerFile(recollection.page, {
      ...this.#deps,
      folder: this.#folder,
      page: () => executor.page(),
    });
    const executor = new Executor(recollection, { ...this.#deps, changed: () => ledger.touch() });
    this.#ledger = ledger;
    this.#executor = executor;
    ledger.touch();
  }

  async #read(): Promise<void> {
    const executor = this.#executor;
    if (!executor) return;
    const { clock, mayTell, origin, time } = this.#deps;
    const { signal } = this.#stopping;
    const { mark } = executor.page();
    const reader = openCommandReader(origin, mark, signal, this.#deps, () => executor.readAgain());
    const looking = this.#look(executor, () => reader.following !== undefined);
    for (let batch = await reader.next(); batch; batch = await reader.next()) {
      while (executor.needsTime && !time.synced && !signal.aborted)
        await sleep(clock, tryAgainMs, signal);
      while (!mayTell() && !signal.aborted) await sleep(clock, lookWhetherMs, signal);
      if (!signal.aborted) await executor.take(batch).catch(ignoreShutdown);
    }
    await looking;
  }

  /** Gives up what does not come again, and keeps the ledger near the end of the log. */
  async #look(executor: Executor, isReading: () => boolean): Promise<void> {
    const { clock, log } = this.#deps;
    const { signal } = this.#stopping;
    let readingMs = 0;
    while (!signal.aborted) {
      await sleep(clock, lookEveryMs, signal);
      readingMs += isReading() ? lookEveryMs : 0;
      if (readingMs > awaitedMs && executor.awaited > 0 && !signal.aborted)
        executor.giveUpAwaited();
      const { writtenSeq = log.lastSeq } = this.#ledger ?? {};
      if (log.lastSeq - writtenSeq > mostBehind) this.#ledger?.touch();
    }
  }
}

function ignoreShutdown(thrown: unknown): void {
  if (!(thrown instanceof GatewayError && thrown.code === "shutdown")) throw thrown;
}
