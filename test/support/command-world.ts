/**
 * A gateway's executor among all that can go wrong: a device that does what it likes and counts what
 * it did, a disk that is late, a process that dies at any moment and is started anew.
 */
import { Executor } from "../../src/commands/executor.ts";
import { formatPage, parsePage } from "../../src/commands/ledger-page.ts";
import type { CommandAnswer, PreparedCommand } from "../../src/commands/prepared-command.ts";
import { recollect } from "../../src/commands/recollection.ts";
import type { Command, CommandReply } from "../../src/core/command.ts";
import type { CommandOrder } from "../../src/core/command-codec.ts";
import type { DeviceWrite, WriteOutcome } from "../../src/core/device-write.ts";
import { type DeviceId, toStreamSeq } from "../../src/core/ids.ts";
import { noAttributes, type RawMessage } from "../../src/core/message.ts";
import { commandIdOf } from "../../src/stream/command-log.ts";
import type { ReadOrder } from "../../src/stream/command-reader.ts";
import { ForgetfulLog } from "./forgetful-log.ts";
import { ManualClock } from "./manual-clock.ts";
import { silentLogger, silentMetrics } from "./silence.ts";

/** How the device, and the way to it, take the next write. */
export interface Mood {
  readonly outcome: WriteOutcome["outcome"] | "hang";
  /** What an `unknown` or hanging write did. */
  readonly arrives: boolean;
  readonly answer: "yes" | "no" | "none";
}

/** A write that left the gateway. */
export interface SeenWrite {
  readonly id: string;
  readonly atMs: number;
  readonly run: number;
  outcome: WriteOutcome["outcome"] | "interrupted";
}

/** The commands of the device: whether they may come twice, whether it answers, and says to which. */
export const kinds = {
  toggle: { repeatable: false, tries: 1, answers: true, names: true },
  set: { repeatable: true, tries: 3, answers: true, names: true },
  press: { repeatable: false, tries: 1, answers: true, names: false },
  hold: { repeatable: true, tries: 2, answers: true, names: false },
  blind: { repeatable: false, tries: 1, answers: false, names: false },
  blind_set: { repeatable: true, tries: 2, answers: false, names: false },
} as const;
export type Kind = keyof typeof kinds;

export const timeoutMs = 10_000;

export class CommandWorld {
  readonly clock = new ManualClock();
  readonly orders: ReadOrder[] = [];
  readonly writes: SeenWrite[] = [];
  /** How often the device did each. */
  readonly effects = new Map<string, number>();
  log = new ForgetfulLog();
  isDiskFast = true;
  reach: "now" | "later" | "never" = "now";
  mood: Mood = { outcome: "delivered", arrives: true, answer: "yes" };
  isKnown = true;
  isSynced = true;
  /** Answers that are under way, the oldest first. */
  readonly #answers: { id: string; answer: CommandAnswer }[] = [];
  #page: string | undefined;
  #executor: Executor | undefined;
  #run = 0;
  #taken = 0;

  static async start(): Promise<CommandWorld> {
    const world = new CommandWorld();
    await world.#start();
    return world;
  }

  get executor(): Executor {
    if (!this.#executor) throw new Error("the world has not begun");
    return this.#executor;
  }

  issue(command: Command): void {
    this.#put({ order: "command", command });
  }

  takeBack(command: Command): void {
    const { device, gateway, id, site } = command;
    const issuedMs = this.clock.wallMs();
    this.#put({ order: "cancel", cancel: { id, site, gateway, device, issuedMs, by: "kim" } });
  }

  /** The orders that were not read yet are, or the first of them. */
  async read(most = Number.POSITIVE_INFINITY): Promise<void> {
    const fresh = this.orders.slice(this.#taken, this.#taken + most);
    this.#taken += fresh.length;
    if (fresh.length > 0) void this.executor.take(fresh).catch(() => {});
    await this.pass(0);
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; ; left -= 500) {
      await this.clock.advance(Math.min(left, 500));
      if (this.isDiskFast) this.log.flush();
      await this.clock.advance(0);
      if (left <= 500) return;
    }
  }

  /** The ledger's page is written, where the log is as far. */
  save(): void {
    const page = this.executor.page();
    if (this.log.durableSeq >= page.logSeq) this.#page = formatPage(page);
  }

  /** The oldest answer arrives; a device may say it twice. */
  async answer(twice = false): Promise<void> {
    const next = this.#answers[0];
    if (!next) return;
    if (!twice) this.#answers.shift();
    this.executor.onMessage(messageOf(next.id, next.answer));
    await this.pass(0);
  }

  async crash(): Promise<void> {
    this.#abandon();
    this.log = this.log.crash();
    await this.#start();
  }

  /** What the log says of a command, in its order. */
  steps(id: string): CommandReply[] {
    return this.log
      .events()
      .flatMap((event) =>
        event.kind === "reply" && event.data.command === id ? [event.data] : [],
      );
  }

  states(id: string): string[] {
    return this.steps(id).map(({ final, state }) => (final ? `${state}.` : state));
  }

  loseLedger(): void {
    this.#page = undefined;
  }

  /** A process that is gone writes and records nothing more. */
  #abandon(): void {
    this.#run += 1;
    void this.#executor?.stop();
  }

  async #start(): Promise<void> {
    const run = this.#run;
    const { clock, log } = this;
    const page = this.#page === undefined ? undefined : parsePage(this.#page);
    const signal = new AbortController().signal;
    const recollection = await recollect(page ?? "none", log, silentLogger, signal);
    const read = recollection.page.mark?.streamSeq ?? 0;
    this.#taken = read;
    const isGone = (): boolean => this.#run !== run;
    this.#executor = new Executor(recollection, {
      clock,
      time: timeOf(this),
      log,
      metrics: silentMetrics,
      reaches: () => (isGone() ? "later" : this.reach),
      write: (_, write, stop) => this.#write(run, write, stop),
      prepare: (command) =>
        this.isKnown ? { prepared: this.#prepare(command) } : { refused: "nobody knows it" },
      append: (device, reply) => (isGone() ? log.lastSeq : this.#append(device, reply)),
      untilKnown: async () => {},
      changed: () => {},
    });
  }

  #append(device: DeviceId, data: CommandReply) {
    const nowMs = this.clock.wallMs();
    const times = { timeMs: nowMs, receivedMs: nowMs, clock: "gateway" } as const;
    return this.log.append({ kind: "reply", device, ...times, data });
  }

  #prepare(command: Command): PreparedCommand {
    const kind = kindOf(command.name);
    const { answers, names, repeatable, tries } = kinds[kind];
    const id = names ? command.id : "it";
    return {
      write: { kind: "frame", payload: new TextEncoder().encode(`${command.id} ${kind}`) },
      ...{ tries, repeatable, timeoutMs },
      ...(answers && { answerIn: (message: RawMessage) => answerIn(id, message) }),
    };
  }

  async #write(run: number, write: DeviceWrite, stop: AbortSignal): Promise<WriteOutcome> {
    if (write.kind !== "frame" || this.#run !== run) return { outcome: "absent", text: "gone" };
    const [id = "", name = ""] = new TextDecoder().decode(write.payload).split(" ");
    const { answer, arrives, outcome } = this.mood;
    const seen: SeenWrite = { id, atMs: this.clock.wallMs(), run, outcome: "interrupted" };
    this.writes.push(seen);
    const reached = outcome === "hang" || outcome === "unknown" ? arrives : outcome !== "absent";
    if (reached && outcome !== "refused") {
      const isNew = (this.effects.get(id) ?? 0) === 0;
      const does = answer !== "no" && (isNew || !kinds[kindOf(name)].repeatable);
      if (does) this.effects.set(id, (this.effects.get(id) ?? 0) + 1);
      if (answer !== "none" && kinds[kindOf(name)].answers)
        this.#answers.push({
          id: kinds[kindOf(name)].names ? id : "it",
          answer: { accepted: answer === "yes" },
        });
    }
    if (outcome === "hang")
      await new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve()));
    if (this.#run !== run) return { outcome: "unknown", text: "gone" };
    seen.outcome = outcome === "hang" ? "unknown" : outcome;
    if (seen.outcome === "delivered" || seen.outcome === "sent") return { outcome: seen.outcome };
    return { outcome: seen.outcome, text: seen.outcome };
  }

  #put(order: CommandOrder): void {
    const streamSeq = toStreamSeq(this.orders.length + 1);
    const storedMs = this.clock.wallMs();
    const mark = { created: "c", streamSeq, id: commandIdOf(order) };
    this.orders.push({ ...order, streamSeq, storedMs, mark });
  }
}

function timeOf(world: CommandWorld) {
  return {
    nowMs: () => world.clock.wallMs(),
    get synced() {
      return world.isSynced;
    },
  };
}

function kindOf(name: string): Kind {
  return isKind(name) ? name : "toggle";
}

function isKind(name: string): name is Kind {
  return name in kinds;
}

function messageOf(id: string, { accepted }: CommandAnswer): RawMessage {
  return {
    ...{ source: "test", address: "answers", receivedMs: 0, client: undefined, device: undefined },
    payload: new TextEncoder().encode(`${id} ${accepted}`),
    attributes: noAttributes,
  };
}

function answerIn(id: string, { payload }: RawMessage): CommandAnswer | undefined {
  const [of, accepted] = new TextDecoder().decode(payload).split(" ");
  return of === id ? { accepted: accepted === "true" } : undefined;
}
