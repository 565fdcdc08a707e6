/**
 * Keeps one run going: stores what the state machine makes of it, and does what is stored.
 *
 * Invariants
 * - Nothing is done in the world before the run that says so is stored.
 * - What cannot be stored or done now is tried again, and nothing else is done in between.
 * - Whatever another writer stored is taken over as it stands.
 */
import { type Clock, type EpochMs, sleep } from "../core/clock.ts";
import type { Command } from "../core/command.ts";
import { GatewayError } from "../core/errors.ts";
import { toStreamSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { Backoff, type Random } from "../core/retry.ts";
import { advance, giveUpOn, hear, nextLookMs } from "./advance.ts";
import { awaitedCommands, openCommands } from "./commands-of.ts";
import { isOver, type PlanRun } from "./plan-run.ts";
import type { PlanWorld, StoredRun } from "./plan-world.ts";

/** Behind the expiry of a command: what was sent just before may be answered for so long. */
const graceMs = 120_000;
/** However far the next moment is: the wall clock may be set. */
const longestSleepMs = 30_000;
const backoffLimits = { baseMs: 250, maxMs: 5_000 };

export interface RunKeeperDependencies {
  /** What it does in the world, until the signal. */
  readonly worldUntil: (signal: AbortSignal) => PlanWorld;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Called before the replies to a command are waited for. */
  readonly listenFor: (command: Command) => void;
  readonly onStored: () => void;
  readonly graceMs?: number | undefined;
}

type Note = (run: PlanRun) => PlanRun;

export class RunKeeper {
  readonly #deps: RunKeeperDependencies;
  readonly #leaving = new AbortController();
  readonly #world: PlanWorld;
  #stored: StoredRun;
  /** What was heard and is not stored yet. */
  #notes: Note[] = [];
  /** When this process issued what is open, wall clock, by id. */
  readonly #issued = new Map<string, EpochMs>();
  readonly #takenBack = new Set<string>();
  /** The change of the run that people were told of. */
  #told = 0;
  #wake = new AbortController();

  constructor(stored: StoredRun, deps: RunKeeperDependencies) {
    this.#stored = stored;
    this.#deps = deps;
    this.#world = deps.worldUntil(this.#leaving.signal);
  }

  get run(): PlanRun {
    return this.#stored.run;
  }

  /** Takes in what was heard; it is stored as soon as that is possible. */
  note(note: Note): void {
    this.#notes.push(note);
    this.#wake.abort();
  }

  /** Takes over what stands in the stream, where that is later than what is known. */
  meet(stored: StoredRun): void {
    if (stored.streamSeq <= this.#stored.streamSeq) return;
    if (stored.run.change <= this.run.change) return;
    this.#stored = stored;
    this.#wake.abort();
  }

  /** Leaves the run where it is; whoever keeps it next goes on. */
  leave(): void {
    this.#leaving.abort();
    this.#wake.abort();
  }

  /** Resolves when the run is over, or was left. */
  async keep(): Promise<void> {
    const { clock, logger, random } = this.#deps;
    const { signal } = this.#leaving;
    const backoff = new Backoff(backoffLimits, random);
    while (!signal.aborted) {
      this.#wake = new AbortController();
      try {
        const { next, notes } = this.#next();
        if (next !== this.run) {
          await this.#store(next, notes);
        } else {
          this.#notes.splice(0, notes);
          await this.#act();
          if (isOver(this.run)) return;
          if (this.#notes.length === 0) await this.#rest();
        }
        backoff.reset();
      } catch (thrown) {
        if (signal.aborted) return;
        const { run } = this.run;
        const { message } = GatewayError.from(thrown, "stream.unavailable", "a run cannot go on");
        logger.debug("a run of a plan waits; it is tried again", { run, reason: message });
        await sleep(clock, backoff.nextMs(), signal);
      }
    }
  }

  #next(): { readonly next: PlanRun; readonly notes: number } {
    const notes = this.#notes.length;
    const heard = this.#notes.reduce((run, note) => note(run), this.run);
    return { next: advance(heard, this.#deps.clock.wallMs()), notes };
  }

  async #store(next: PlanRun, notes: number): Promise<void> {
    const { logger } = this.#deps;
    const known = this.#stored;
    const streamSeq = await this.#world.store(next, known.streamSeq);
    if (streamSeq !== undefined) {
      this.#stored = { run: next, streamSeq };
      this.#notes.splice(0, notes);
      this.#deps.onStored();
      const { plan, run, state, why } = next;
      if (state !== known.run.state)
        logger.info("a run of a plan changed", { plan, run, state, ...(why && { why }) });
      return;
    }
    const head = await this.#world.read(next);
    // A stream that came back without its end is given again what it lost.
    if (head && head.run.change > known.run.change) this.#stored = head;
    else this.#stored = { run: known.run, streamSeq: head?.streamSeq ?? noSeq };
  }

  /** Does what the stored run says, as far as this process has not done it yet. */
  async #act(): Promise<void> {
    const { clock, listenFor } = this.#deps;
    const run = this.run;
    awaitedCommands(run).forEach(listenFor);
    for (const command of openCommands(run)) {
      if (!this.#issued.has(command.id)) {
        if (isUnheard(run, command.id)) await this.#issue(command);
        this.#issued.set(command.id, clock.wallMs());
      }
      if (run.cancel && run.state === "running" && !this.#takenBack.has(command.id)) {
        await this.#world.takeBack(command, run.cancel);
        this.#takenBack.add(command.id);
      }
      if (clock.wallMs() >= this.#silentFrom(command)) await this.#askOnce(command);
    }
    if (run.state === "stuck" && this.#told !== run.change) {
      await this.#world.tellStuck(run);
      this.#told = run.change;
    }
  }

  async #issue(command: Command): Promise<void> {
    const { clock } = this.#deps;
    try {
      await this.#world.issue(command);
    } catch (thrown) {
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot issue a command");
      if (failure.disposition !== "reject") throw failure;
      const { id, name } = command;
      const text = failure.message.slice(0, 256);
      const reply = { command: id, name, state: "refused", step: 1, final: true, text } as const;
      this.#notes.push((run) => hear(run, reply, clock.wallMs()));
    }
  }

  /** What is not stored by now comes much later or never: it is looked for once, and then given up. */
  async #askOnce(command: Command): Promise<void> {
    const nowMs = this.#deps.clock.wallMs();
    const replies = await this.#world.repliesOf(command);
    for (const reply of replies) this.#notes.push((run) => hear(run, reply, nowMs));
    const text = `no last word of gateway ${command.gateway}`;
    this.#notes.push((run) => giveUpOn(run, command.id, nowMs, text));
  }

  #silentFrom({ expiresMs, id }: Command): EpochMs {
    const fromMs = Math.max(expiresMs, this.#issued.get(id) ?? 0);
    return fromMs + (this.#deps.graceMs ?? graceMs);
  }

  async #rest(): Promise<void> {
    const { clock } = this.#deps;
    const moments = openCommands(this.run).map((command) => this.#silentFrom(command));
    const next = Math.min(nextLookMs(this.run) ?? Number.POSITIVE_INFINITY, ...moments);
    const forMs = Math.min(longestSleepMs, Math.max(0, next - clock.wallMs()));
    await sleep(clock, forMs, this.#wake.signal);
  }
}

const noSeq = toStreamSeq(0);

/** True where nothing shows that the gateway has the command. */
function isUnheard({ steps }: PlanRun, id: string): boolean {
  return steps.some(
    (step) =>
      step.kind === "command" &&
      [step.attempt, step.undo].some((attempt) => attempt?.id === id && attempt.heard === 0),
  );
}
