/**
 * The commands of one device, one at a time and in their order.
 *
 * Invariants
 * - Nothing is written before the step that says so is on disk, nor at or after its expiry.
 * - A write has ended before the next begins.
 */
import { type Clock, sleep } from "../core/clock.ts";
import { answeredAlready } from "../core/device-write.ts";
import { formatDuration } from "../core/duration.ts";
import type { DeviceId } from "../core/ids.ts";
import { absenceOf } from "./admission.ts";
import { type Happening, type Next, termsOf } from "./course.ts";
import type { OpenCommand } from "./open-command.ts";
import type { CommandAnswer, Preparation, PreparedCommand } from "./prepared-command.ts";
import type { CommandWays } from "./ways.ts";

/** A device that came back without a word is noticed so late. */
const lookAgainMs = 1_000;
/** A way that says it is open and then is not. */
const absences = { baseMs: 250, maxMs: 30_000 };

/** What a line needs of the whole. */
export interface LineSurroundings extends CommandWays {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** False while the gateway does not know what time it is. */
  readonly isTimeKnown: () => boolean;
  /** True where what is not known now will not be: the start is long enough ago. */
  readonly isSettled: () => boolean;
  readonly prepare: (open: OpenCommand) => Preparation;
  /** Milliseconds in which it may still leave; 0 and below once it is expired. */
  readonly remainingMs: (open: OpenCommand) => number;
  /** It leaves now. */
  readonly leaves: (open: OpenCommand) => void;
  /** Records what happened. */
  readonly apply: (open: OpenCommand, happening: Happening) => Next;
  /** All that was recorded is on disk; rejects on abort. */
  readonly untilRecorded: () => Promise<void>;
}

export class DeviceLine {
  readonly #device: DeviceId;
  readonly #deps: LineSurroundings;
  readonly #commands: OpenCommand[] = [];
  #running: Promise<void> | undefined;
  #pause = new AbortController();

  constructor(device: DeviceId, deps: LineSurroundings) {
    this.#device = device;
    this.#deps = deps;
  }

  /** Commands without a final step. */
  get length(): number {
    return this.#commands.filter(({ isOver }) => !isOver).length;
  }

  /** What those weigh. */
  get bytes(): number {
    return this.#commands.reduce((sum, { bytes, isOver }) => sum + (isOver ? 0 : bytes), 0);
  }

  add(open: OpenCommand): void {
    // The first is in hand; what ended behind it makes room.
    const [first, ...others] = this.#commands;
    if (first) this.#commands.splice(1, others.length, ...others.filter(({ isOver }) => !isOver));
    this.#commands.push(open);
    this.#running ??= this.#run();
  }

  /** Something changed: the device may be there, or a command is over. */
  wake(): void {
    this.#pause.abort();
  }

  /** Resolves once nothing is under way, after the signal. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is added together stands in the line before the first is looked at.
    await Promise.resolve();
    for (let open = this.#commands[0]; open; open = this.#commands[0]) {
      await this.#attend(open);
      if (this.#deps.signal.aborted) break;
      this.#commands.shift();
    }
    this.#running = undefined;
  }

  async #attend(open: OpenCommand): Promise<void> {
    let next: Next = open.isWaiting ? "wait-for-turn" : await this.#hearAgain(open);
    if (open.isWaiting && open.course.left > 0) this.#listen(open, this.#deps.prepare(open));
    for (let absent = 0; next === "wait-for-turn"; absent += 1) {
      open.isWaiting = true;
      if (absent > 0) await this.#rest(absent);
      const prepared = await this.#turn(open);
      if (!prepared) return;
      open.isWaiting = false;
      next = await this.#send(open, prepared);
    }
  }

  /** Waits until it may leave; undefined where it ended, or all does. */
  async #turn(open: OpenCommand): Promise<PreparedCommand | undefined> {
    const { apply, isSettled, reaches, remainingMs, signal } = this.#deps;
    while (!open.isOver && !signal.aborted) {
      if (open.heard) {
        apply(open, { is: "answered", ...open.heard });
        break;
      }
      const why = remainingMs(open) > 0 ? this.#whyNot(open) : "";
      if (why === "") {
        if (!open.isOver) apply(open, { is: "expired" });
        break;
      }
      const reach = typeof why === "string" ? "later" : reaches(this.#device, why.write);
      if (typeof why !== "string" && reach === "now") return why;
      if (reach === "never" && isSettled()) {
        const text = `no way leads to ${this.#device}, or none that takes such a write`;
        apply(open, { is: "impossible", state: "failed", text });
        break;
      }
      apply(open, { is: "away", text: typeof why === "string" ? why : absenceOf(this.#device) });
      await this.#wait(lookAgainMs);
    }
    return undefined;
  }

  /** The command ready to leave, or why it cannot be made ready; empty where it ended for that. */
  #whyNot(open: OpenCommand): PreparedCommand | string {
    const { apply, isSettled, isTimeKnown, prepare } = this.#deps;
    if (!isTimeKnown()) return "the clock of the gateway is not set, so nobody knows what expires";
    const found = prepare(open);
    if ("prepared" in found) return found.prepared;
    if ("unknown" in found && !isSettled()) return found.unknown;
    const text = "refused" in found ? found.refused : found.unknown;
    apply(open, { is: "impossible", state: "refused", text });
    return "";
  }

  async #send(open: OpenCommand, prepared: PreparedCommand): Promise<Next> {
    const { apply, leaves, remainingMs, signal, untilRecorded, write } = this.#deps;
    const { timeoutMs } = prepared;
    apply(open, { is: "sending", terms: termsOf(prepared) });
    await untilRecorded().catch(() => {});
    if (signal.aborted) {
      const outcome = { outcome: "absent", text: "the gateway stopped" } as const;
      return apply(open, { is: "written", outcome });
    }
    const validMs = remainingMs(open);
    if (validMs <= 0) return apply(open, { is: "withheld" });
    leaves(open);
    const answer = this.#listen(open, { prepared });
    const limit = new AbortController();
    const stop = (): void => limit.abort();
    signal.addEventListener("abort", stop, { once: true });
    const timer = this.#deps.clock.setTimer(Math.min(timeoutMs, validMs), stop);
    const { write: what } = prepared;
    const writing = write(
      this.#device,
      what.kind === "message" ? { ...what, validMs } : what,
      limit.signal,
    );
    const first = await Promise.race([writing, answer]);
    const next =
      "outcome" in first
        ? apply(open, { is: "written", outcome: first })
        : apply(open, { is: "answered", ...first });
    if (!("outcome" in first)) limit.abort(answeredAlready);
    await writing;
    timer.cancel();
    signal.removeEventListener("abort", stop);
    return next === "wait-for-answer" ? this.#hear(open, answer, timeoutMs) : next;
  }

  /** Waits for the answer to what an earlier process sent. */
  #hearAgain(open: OpenCommand): Next | Promise<Next> {
    const found = this.#deps.prepare(open);
    if (!("prepared" in found))
      return this.#deps.apply(open, { is: "silent", text: "nobody can read its answer any more" });
    return this.#hear(open, this.#listen(open, found), found.prepared.timeoutMs);
  }

  /** From now on; also while it waits to be sent once more, where an answer to the try before may come. */
  #listen(open: OpenCommand, found: Preparation): Promise<CommandAnswer> {
    if (!("prepared" in found)) return new Promise(() => {});
    const answer = open.listen(found.prepared, () => {
      if (!open.isOver) this.#deps.apply(open, { is: "overheard" });
    });
    void answer.then(() => this.wake());
    return answer;
  }

  async #hear(open: OpenCommand, answer: Promise<CommandAnswer>, timeoutMs: number): Promise<Next> {
    const { apply, clock, signal } = this.#deps;
    const waiting = new AbortController();
    const stop = (): void => waiting.abort();
    signal.addEventListener("abort", stop, { once: true });
    const silence = sleep(clock, timeoutMs, waiting.signal);
    const heard = await Promise.race([answer, silence]);
    stop();
    signal.removeEventListener("abort", stop);
    if (heard !== undefined) return apply(open, { is: "answered", ...heard });
    if (signal.aborted) return "end";
    const text = `no answer within ${formatDuration(timeoutMs)}`;
    return apply(open, { is: "silent", text });
  }

  async #wait(ms: number): Promise<void> {
    this.#pause = new AbortController();
    const { signal } = this.#deps;
    const stop = (): void => this.#pause.abort();
    signal.addEventListener("abort", stop, { once: true });
    await sleep(this.#deps.clock, ms, this.#pause.signal);
    signal.removeEventListener("abort", stop);
  }

  async #rest(absent: number): Promise<void> {
    const ms = Math.min(absences.baseMs * 2 ** (absent - 1), absences.maxMs);
    await sleep(this.#deps.clock, ms, this.#deps.signal);
  }
}
