/**
 * The commands of this gateway: takes orders in, has each device's done in their order, and records
 * every step before anything follows from it.
 *
 * Invariants
 * - A command has one final step, whatever comes again.
 * - What the ledger's page says is in the log, up to the record that it names.
 */
import { setMaxListeners } from "node:events";
import type { Clock } from "../core/clock.ts";
import type { Command, CommandCancel, CommandReply, CommandState } from "../core/command.ts";
import type { GatewayTime } from "../core/gateway-time.ts";
import type { DeviceId, Seq } from "../core/ids.ts";
import type { LogWriter } from "../core/log-writer.ts";
import type { RawMessage } from "../core/message.ts";
import type { Counter, Metrics } from "../core/metrics.ts";
import { untilDurable } from "../core/until-durable.ts";
import type { ReadOrder } from "../stream/command-reader.ts";
import { admit, firstHappening } from "./admission.ts";
import { AnswerEars } from "./answer-ears.ts";
import type { CommandsStatus } from "./commands-status.ts";
import { advance, type Course, type Happening, type Next, newCourse, termsOf } from "./course.ts";
import { DeviceLines } from "./device-lines.ts";
import { CommandsInHand } from "./in-hand.ts";
import { LateAnswers } from "./late-answers.ts";
import type { LedgerPage } from "./ledger-page.ts";
import { CommandMemory } from "./memory.ts";
import { OpenCommand } from "./open-command.ts";
import type { Preparation } from "./prepared-command.ts";
import { lastStepOf } from "./progress.ts";
import type { Recollection } from "./recollection.ts";
import { remainingMs } from "./validity.ts";
import type { CommandWays } from "./ways.ts";

/** From then on, a device that nobody met is one that nobody knows. */
const settledMs = 30_000;

export interface ExecutorDependencies extends CommandWays {
  readonly clock: Clock;
  readonly time: Pick<GatewayTime, "nowMs" | "synced">;
  readonly log: Pick<LogWriter, "durableSeq" | "lastSeq" | "onDurable">;
  readonly metrics: Metrics;
  /** What can be made of a command now, by the profile of its device. */
  readonly prepare: (command: Command) => Preparation;
  /** Appends a `reply` event to the log. */
  readonly append: (device: DeviceId, reply: CommandReply) => Seq;
  /** Resolves when a start would know the devices again that are known now. */
  readonly untilKnown: () => Promise<void>;
  /** What `page` gives has changed. */
  readonly changed: () => void;
}

export class Executor {
  readonly #deps: ExecutorDependencies;
  readonly #stopping = new AbortController();
  readonly #open = new CommandsInHand();
  readonly #ears = new AnswerEars();
  readonly #lateAnswers: LateAnswers;
  readonly #lines: DeviceLines;
  readonly #memory: CommandMemory;
  readonly #steps: Counter;
  readonly #counts = new Map<CommandState, number>();
  readonly #startedMs: number;

  /** Goes on with what is recollected. */
  constructor(recollection: Recollection, deps: ExecutorDependencies) {
    this.#deps = deps;
    // One for each device with a command, and they are many after an outage.
    setMaxListeners(0, this.#stopping.signal);
    this.#startedMs = deps.clock.monotonicMs();
    this.#steps = deps.metrics.counter("gateway_commands_steps_total", "Steps of commands.");
    this.#memory = new CommandMemory(recollection);
    this.#lateAnswers = new LateAnswers(this.#ears, deps.clock);
    this.#lines = new DeviceLines(this.#open, {
      ...{ clock: deps.clock, signal: this.#stopping.signal },
      ...{ reaches: deps.reaches, write: deps.write },
      isTimeKnown: () => deps.time.synced,
      isSettled: () => this.#sinceStartMs() > settledMs,
      prepare: ({ course }) => deps.prepare(course.command),
      remainingMs: (open) => remainingMs(open, deps.time, deps.clock),
      leaves: ({ course }) => this.#lateAnswers.giveTo(course.command),
      apply: (open, happening) => this.#apply(open, happening),
      untilRecorded: () => this.#untilRecorded(),
    });
    for (const course of recollection.page.open) this.#resume(course);
  }

  /** Takes orders in, in their order; resolves when the first step of each is on disk. */
  async take(orders: readonly ReadOrder[]): Promise<void> {
    for (const order of orders) {
      if (order.order === "cancel") this.#cancel(order.cancel);
      else this.#admit(order);
      this.#memory.read(order);
    }
    this.#deps.changed();
    await this.#untilRecorded();
  }

  /** The stream is another one, and is read again from its beginning. */
  readAgain(): void {
    this.#memory.readAgain();
  }

  /** Commands that an earlier process took and that the stream does not have any more. */
  giveUpAwaited(): void {
    for (const [id, progress] of this.#memory.awaited) {
      this.#record(progress.device, lastStepOf(id, progress));
      const nowMs = this.#deps.time.nowMs();
      this.#memory.end(id, nowMs, nowMs);
    }
    this.#memory.awaited.clear();
  }

  /** To be called with every message that comes in; cheap while no answer is waited for. */
  onMessage(message: RawMessage): void {
    this.#ears.hear(message);
  }

  /** A device may be there that was not, or its profile is another one. */
  wake(): void {
    this.#lines.wakeAll();
  }

  /** All that is to be known after this process. */
  page(): LedgerPage {
    return {
      ...this.#memory.page(this.#deps.log.lastSeq),
      open: Array.from(this.#open.values(), ({ course }) => course),
    };
  }

  /** Commands that have to come again out of the stream. */
  get awaited(): number {
    return this.#memory.awaited.size;
  }

  /** True while what was read before is told from what is new by the time. */
  get needsTime(): boolean {
    return this.#memory.needsTime;
  }

  status(): CommandsStatus {
    const { count: open, waiting } = this.#open;
    return { open, waiting, ended: Object.fromEntries(this.#counts) };
  }

  /** Writes nothing more; resolves when no write is under way and how the last went is recorded. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#lines.ended();
    this.#lateAnswers.stop();
  }

  #admit(order: Extract<ReadOrder, { readonly order: "command" }>): void {
    const { command } = order;
    const { device, id } = command;
    const memory = this.#memory;
    const before = this.#lines.lengthOf(device);
    const admission = admit(order, {
      nowMs: this.#deps.time.synced ? this.#deps.time.nowMs() : 0,
      isKnown: (one) => this.#open.has(one) || memory.hasEnded(one),
      progressOf: (one) => memory.awaited.get(one),
      isTakenBack: (one) => memory.isTakenBack(device, one),
      readBeforeMs: memory.readBeforeMs,
      rememberedFromMs: memory.rememberedFromMs,
      forgottenUntilMs: memory.forgottenUntilMs,
      open: { count: this.#open.count, bytes: this.#open.bytes },
      openOfDevice: { count: before, bytes: this.#lines.bytesOf(device) },
    });
    if (admission.do === "pass") return;
    memory.settle(device, id);
    if (admission.do === "resume") {
      const { attempt, left, state, step } = admission.progress;
      this.#resume({ ...newCourse(command), state, step, attempt, left });
      return;
    }
    const open = new OpenCommand(newCourse(command), this.#ears);
    remainingMs(open, this.#deps.time, this.#deps.clock);
    this.#open.add(open);
    const happening = firstHappening(command, admission, {
      before,
      isSettled: this.#sinceStartMs() > settledMs,
      prepare: () => this.#deps.prepare(command),
      reaches: ({ write }) => this.#deps.reaches(device, write),
    });
    if (this.#apply(open, happening) !== "end") this.#lines.add(open);
  }

  /** Goes on with a command that an earlier process had in hand. */
  #resume(course: Course): void {
    const open = new OpenCommand(course, this.#ears);
    this.#open.add(open);
    const found = this.#deps.prepare(course.command);
    const terms = "prepared" in found ? termsOf(found.prepared) : undefined;
    const next = this.#apply(open, { is: "restarted", terms });
    open.isWaiting = next === "wait-for-turn";
    if (next !== "end") this.#lines.add(open);
  }

  #cancel({ by, device, id, reason }: CommandCancel): void {
    const open = this.#open.get(id);
    if (!open) {
      if (!this.#memory.hasEnded(id)) this.#memory.takeBack(device, id);
      return;
    }
    // Who may take back commands of one device may not be one who may for another.
    if (open.course.command.device !== device) return;
    const text = reason === undefined ? `by ${by}` : `by ${by}: ${reason}`;
    this.#apply(open, { is: "cancelled", text });
    this.#lines.wake(open.course.command.device);
  }

  #apply(open: OpenCommand, happening: Happening): Next {
    const { course, next, reply } = advance(open.course, happening);
    open.course = course;
    if (reply) this.#record(course.command.device, reply);
    if (next === "end") {
      open.isOver = true;
      open.hush();
      this.#lateAnswers.expect(open, happening);
      this.#open.remove(open);
      this.#memory.end(course.command.id, course.command.expiresMs, this.#deps.time.nowMs());
    }
    return next;
  }

  #record(device: DeviceId, reply: CommandReply): void {
    this.#deps.append(device, reply);
    this.#steps.add(1, { state: reply.state });
    if (reply.final) this.#counts.set(reply.state, (this.#counts.get(reply.state) ?? 0) + 1);
    this.#deps.changed();
  }

  async #untilRecorded(): Promise<void> {
    const { log, untilKnown } = this.#deps;
    await Promise.all([untilDurable(log, log.lastSeq, this.#stopping.signal), untilKnown()]);
  }

  #sinceStartMs(): number {
    return this.#deps.clock.monotonicMs() - this.#startedMs;
  }
}
