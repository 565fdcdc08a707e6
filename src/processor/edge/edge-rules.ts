/**
 * The rules that a gateway evaluates itself, from its own log and with no backbone. What they find goes
 * through the log to the hub, and from the log to receivers that are here.
 */
import { sleep } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { Random } from "../../core/retry.ts";
import type { CreateEngine, TransitionDraft } from "../engine.ts";
import { MishapLog } from "../mishaps.ts";
import { type OpenAlerts, openAlerts } from "../open-alerts.ts";
import type { EdgeDependencies, EdgeStart } from "./edge-dependencies.ts";
import { type EdgeMemory, parseEdgeMemory } from "./edge-memory.ts";
import { EdgeStay } from "./edge-stay.ts";
import { type EdgeReceiver, type EdgeReceiverState, EdgeTeller } from "./edge-teller.ts";

const againMs = 10_000;

/** How it stands with them, for people. */
export interface EdgeRulesState {
  readonly rules: number;
  /** Records that are durable and not judged yet. */
  readonly behind: number;
  readonly firing: OpenAlerts;
  readonly receivers: readonly EdgeReceiverState[];
  /** What could not be taken in, by kind. */
  readonly mishaps: Readonly<Record<string, number>>;
}

/** The rules that are in force, and what makes an engine of them. */
export interface EdgeRuleSet {
  readonly count: number;
  readonly createEngine: CreateEngine;
}

export interface EdgeRulesDependencies extends Omit<EdgeDependencies, "tellers" | "mishaps"> {
  readonly random: Random;
  readonly receivers: readonly EdgeReceiver[];
}

export class EdgeRules {
  readonly #deps: EdgeRulesDependencies;
  readonly #tellers: readonly EdgeTeller[];
  readonly #mishaps: MishapLog;
  readonly #stopping = new AbortController();
  #rules: EdgeRuleSet;
  #stay: EdgeStay | undefined;
  /** Aborted when other rules are in force. */
  #changing = new AbortController();
  /** There was no rule any more, and nothing left to do. */
  #isOver = false;
  #working: Promise<void> = Promise.resolve();
  #telling: readonly Promise<void>[] = [];

  constructor(rules: EdgeRuleSet, deps: EdgeRulesDependencies) {
    this.#rules = rules;
    this.#deps = deps;
    this.#mishaps = new MishapLog(undefined, deps.clock);
    const onSettled = (): void => this.#stay?.saveSoon();
    this.#tellers = deps.receivers.map(
      (receiver) => new EdgeTeller(receiver, { ...deps, onSettled }),
    );
  }

  /** Begins in the background; once. `memory` is what the file has, where it has anything. */
  start(memory: string | undefined): void {
    this.#telling = this.#tellers.map((each) => each.run(this.#stopping.signal));
    this.#work(memory);
  }

  /** Goes on with other rules, from where it stands. */
  adopt(rules: EdgeRuleSet): void {
    this.#rules = rules;
    if (!this.#isOver) this.#changing.abort();
    else if (rules.count > 0) this.#work(undefined);
  }

  /** Resolves when what is known is written down, or cannot be. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#changing.abort();
    await this.#working;
    await Promise.all(this.#telling);
  }

  /** The last transitions of all episodes that are open. */
  open(): Iterable<TransitionDraft> {
    return this.#stay?.engine.open() ?? [];
  }

  /** How one alert of one device is and why. */
  explain(alert: string, device: string): readonly object[] {
    return this.#stay?.engine.explain(alert, device) ?? [];
  }

  state(): EdgeRulesState {
    return {
      rules: this.#rules.count,
      behind: this.#stay?.behind ?? 0,
      firing: openAlerts(this.#stay?.engine.open() ?? []),
      receivers: this.#tellers.map((teller) => teller.state()),
      mishaps: this.#mishaps.state().counts,
    };
  }

  #work(memory: string | undefined): void {
    this.#isOver = false;
    this.#working = this.#run(memory);
  }

  async #run(written: string | undefined): Promise<void> {
    const { clock, file, logger } = this.#deps;
    const stopping = this.#stopping.signal;
    let text = written;
    while (!stopping.aborted) {
      this.#changing = new AbortController();
      try {
        if (await this.#stayOnce(text, this.#changing.signal)) {
          await file.remove();
          // Others may be in force since.
          this.#isOver = this.#rules.count === 0;
          if (this.#isOver) return;
        }
      } catch (thrown) {
        const { code, message } = GatewayError.from(
          thrown,
          "internal.bug",
          "the rules stand still",
        );
        if (code !== "shutdown")
          logger.error("rules are not evaluated here; it is tried again", { reason: message });
        if (code !== "shutdown") await sleep(clock, againMs, stopping);
      }
      text = await file.read().catch(() => undefined);
    }
  }

  /** True where there is nothing left to do. */
  async #stayOnce(text: string | undefined, signal: AbortSignal): Promise<boolean> {
    const start = await this.#begin(text);
    if (!this.#stay) this.#recallWaiting(start.memory);
    const deps = { ...this.#deps, mishaps: this.#mishaps, tellers: this.#tellers };
    this.#stay = new EdgeStay(start, deps);
    return this.#stay.run(signal);
  }

  async #begin(text: string | undefined): Promise<EdgeStart> {
    const { log, logger, origin } = this.#deps;
    const { count, createEngine } = this.#rules;
    const isLast = count === 0;
    const memory = text === undefined ? undefined : parseEdgeMemory(text, origin);
    if (memory && isOf(memory, log)) {
      try {
        return { engine: await createEngine(memory.rules), memory, isLast };
      } catch (thrown) {
        const { message } = GatewayError.from(thrown, "event.malformed", "it cannot be read");
        logger.warn("the memory of the rules is from another version", { reason: message });
      }
    }
    if (text !== undefined)
      logger.error(
        "the memory of the rules cannot be used; the log is read again from its beginning",
      );
    return { engine: await createEngine(), memory: undefined, isLast };
  }

  #recallWaiting(memory: EdgeMemory | undefined): void {
    for (const teller of this.#tellers)
      for (const transition of memory?.waiting.get(teller.name) ?? []) teller.take(transition);
  }
}

/** False where the log is another than the one it was read from. */
function isOf({ position }: EdgeMemory, log: EdgeRulesDependencies["log"]): boolean {
  if (position.seq > log.durableSeq) return false;
  return position.seq < log.firstSeq || log.knowsRun(position.run);
}
