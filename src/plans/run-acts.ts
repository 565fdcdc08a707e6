/**
 * Does what a stored run says: issues its commands, takes them back, asks after those of which nothing is
 * heard, and calls people. Each of it once for each process; done again by another it does no harm.
 */
import type { Clock } from "../core/clock.ts";
import type { Command } from "../core/command.ts";
import { GatewayError } from "../core/errors.ts";
import { giveUpOn, hear } from "./advance.ts";
import { awaitedCommands, openCommands } from "./commands-of.ts";
import type { PersonsWord, PlanRun } from "./plan-run.ts";
import type { PlanWorld } from "./plan-world.ts";

/** Behind the expiry of a command: what was sent just before may be answered for so long. */
const graceMs = 120_000;

/** What became known of a run, and is to be stored. */
export type Note = (run: PlanRun) => PlanRun;

export interface RunActsDependencies {
  readonly world: PlanWorld;
  readonly clock: Clock;
  /** Called before the replies to a command are waited for. */
  readonly listenFor: (command: Command) => void;
  readonly note: (note: Note) => void;
  /** Of a failure that no second try mends. */
  readonly tellOf: (failure: GatewayError) => void;
  /** How long behind its expiry the last word of a command is waited for. */
  readonly graceMs?: number | undefined;
}

export class RunActs {
  readonly #deps: RunActsDependencies;
  /** From when on the silence about what is open tells something, monotonic, by id. */
  readonly #silentFrom = new Map<string, number>();
  readonly #takenBack = new Set<string>();
  /** The change of the run that people were told of. */
  #told = 0;

  constructor(deps: RunActsDependencies) {
    this.#deps = deps;
  }

  /** In how long something is to be asked after, where nothing is heard before. */
  silentInMs(run: PlanRun): number {
    const nowMs = this.#deps.clock.monotonicMs();
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...openCommands(run).map((command) => this.#silentMs(command) - nowMs),
    );
  }

  /** Does what the stored run says, as far as this process has not done it yet. */
  async of(run: PlanRun): Promise<void> {
    const { clock, listenFor, world } = this.#deps;
    awaitedCommands(run).forEach(listenFor);
    for (const command of openCommands(run)) {
      if (!this.#silentFrom.has(command.id)) {
        if (isUnheard(run, command.id)) await this.#issue(command);
        this.#silentFrom.set(command.id, clock.monotonicMs() + this.#stillMs(command));
      }
      if (run.cancel && run.state === "running" && !this.#takenBack.has(command.id)) {
        await this.#takeBack(command, run.cancel);
        this.#takenBack.add(command.id);
      }
      if (clock.monotonicMs() >= this.#silentMs(command)) await this.#askOnce(command);
    }
    if (run.state === "stuck" && this.#told !== run.change) {
      await world.tellStuck(run);
      this.#told = run.change;
    }
  }

  async #issue(command: Command): Promise<void> {
    const { clock, note, world } = this.#deps;
    try {
      await world.issue(command);
    } catch (thrown) {
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot issue a command");
      if (failure.disposition !== "reject") throw failure;
      const { id, name } = command;
      const text = failure.message.slice(0, 256);
      const reply = { command: id, name, state: "refused", step: 1, final: true, text } as const;
      note((run) => hear(run, reply, clock.wallMs()));
    }
  }

  async #takeBack(command: Command, word: PersonsWord): Promise<void> {
    try {
      await this.#deps.world.takeBack(command, word);
    } catch (thrown) {
      const failure = GatewayError.from(thrown, "stream.unavailable", "cannot take it back");
      if (failure.disposition !== "reject") throw failure;
      // Its end is waited for, as that of a command that has left.
      this.#deps.tellOf(failure);
    }
  }

  /** What is not stored by now comes much later or never: it is looked for once, and then given up. */
  async #askOnce(command: Command): Promise<void> {
    const { clock, note, world } = this.#deps;
    const nowMs = clock.wallMs();
    const replies = await world.repliesOf(command);
    for (const reply of replies) note((run) => hear(run, reply, nowMs));
    const text = `no last word of gateway ${command.gateway}`;
    note((run) => giveUpOn(run, command.id, nowMs, text));
  }

  /** For how long from now on something may still be heard of a command, whatever the clock says. */
  #stillMs({ expiresMs, issuedMs }: Command): number {
    const leftMs = Math.min(expiresMs - this.#deps.clock.wallMs(), expiresMs - issuedMs);
    return Math.max(0, leftMs) + (this.#deps.graceMs ?? graceMs);
  }

  #silentMs({ id }: Command): number {
    return this.#silentFrom.get(id) ?? Number.POSITIVE_INFINITY;
  }
}

/** True where nothing shows that the gateway has the command. */
function isUnheard({ steps }: PlanRun, id: string): boolean {
  return steps.some(
    (step) =>
      step.kind === "command" &&
      [step.attempt, step.undo].some((attempt) => attempt?.id === id && attempt.heard === 0),
  );
}
