/**
 * A line that is opened, and opened again whenever it is gone.
 *
 * Invariants
 * - One line at a time: the next is opened when the last is closed.
 * - Opening is tried twice a second, so a port is open again within a second of being there, or two
 *   where the machine is busy; only where `longestRetryMs` says so, and lines do not stay, less often.
 * - `data` comes between `opened` and `lost` only; after `stop` has resolved nothing comes, and no
 *   timer and no line is left.
 */
import type { Clock, Timer } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { LinkState } from "../../core/message.ts";
import type { ByteLine, LineEar, OpenLine } from "./byte-line.ts";
import type { LineReport } from "./line-report.ts";

const retryMs = 500;
/** A line that was open for so long has stayed. */
const lastingMs = 10_000;
/** So many in a row may last less before the next one is waited for. */
const mostShort = 2;

/** Whoever a line is kept for. */
export interface LineUser {
  /** It is open. What the user has of a line before is of another time. */
  opened(): void;
  /** Bytes as they came; they are the user's own. */
  data(bytes: Uint8Array): void;
  /** It is gone; it will be opened again. */
  lost(reason: string): void;
}

export interface KeptLineDeps {
  readonly open: OpenLine;
  readonly user: LineUser;
  readonly report: LineReport;
  readonly clock: Clock;
  /**
   * A line that goes again and again soon after it was opened is tried less and less often, up to this:
   * for devices with one place for a client, who would throw each other out for ever. Half a second
   * unless said.
   */
  readonly longestRetryMs?: number;
}

export class KeptLine {
  readonly #deps: KeptLineDeps;
  #line: ByteLine | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #retry: Timer | undefined;
  #isPaused = false;
  #openedMs = 0;
  #shortLives = 0;
  #stopped: Promise<void> | undefined;

  constructor(deps: KeptLineDeps) {
    this.#deps = deps;
  }

  get isOpen(): boolean {
    return this.#line !== undefined;
  }

  get state(): LinkState {
    return this.#deps.report.state;
  }

  /** Begins to open it, and does not wait for it. */
  start(): void {
    this.#opening = this.#open();
  }

  /** As `ByteLine.write`; rejects at once while it is not open. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#line !== undefined) return this.#line.write(bytes);
    throw new GatewayError("source.unavailable", this.state.reason ?? "the line is not open");
  }

  /** Reads nothing until `resume`, also of the lines that follow. */
  pause(): void {
    this.#isPaused = true;
    this.#line?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#line?.resume();
  }

  /**
   * Closes it and opens it again: its user has a reason to think that nothing goes through it. A line that
   * was of use until then is opened again as soon as one that has stayed.
   */
  restart(reason: string, wasOfUse = false): void {
    const line = this.#line;
    if (line === undefined || this.#stopped !== undefined) return;
    this.#lost(line, reason, wasOfUse);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #open(): Promise<void> {
    const { open, report, user } = this.#deps;
    let isGone: string | undefined;
    const ear: LineEar = {
      data: (bytes) => {
        if (this.#line === line && line !== undefined) user.data(bytes);
      },
      closed: (reason) => {
        isGone = reason;
        if (line !== undefined && this.#line === line) this.#lost(line, reason);
      },
    };
    let line: ByteLine | undefined;
    try {
      line = await open(ear);
    } catch (failure) {
      if (this.#stopped !== undefined) return;
      report.failed(GatewayError.from(failure, "source.unavailable", "cannot open").message);
      this.#again();
      return;
    }
    if (this.#stopped !== undefined) return line.close();
    this.#line = line;
    this.#openedMs = this.#deps.clock.monotonicMs();
    report.opened();
    user.opened();
    if (this.#isPaused) line.pause();
    if (isGone !== undefined) this.#lost(line, isGone);
  }

  #lost(line: ByteLine, reason: string, wasOfUse = false): void {
    const livedMs = this.#deps.clock.monotonicMs() - this.#openedMs;
    this.#shortLives = livedMs < lastingMs && !wasOfUse ? this.#shortLives + 1 : 0;
    this.#line = undefined;
    this.#closing = line.close();
    this.#deps.report.lost(reason);
    this.#deps.user.lost(reason);
    void this.#closing.then(() => this.#again());
  }

  #again(): void {
    const { clock, longestRetryMs = retryMs } = this.#deps;
    const restMs = retryMs * 2 ** Math.max(0, this.#shortLives - mostShort);
    if (this.#stopped === undefined)
      this.#retry = clock.setTimer(Math.min(restMs, longestRetryMs), () => this.start());
  }

  async #stop(): Promise<void> {
    this.#retry?.cancel();
    const line = this.#line;
    this.#line = undefined;
    await Promise.all([this.#opening, this.#closing, line?.close()]);
    this.#deps.report.stopped();
  }
}
