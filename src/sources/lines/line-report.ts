/**
 * How a line is, told to the stream, the journal, the status, the metrics. A line that comes and goes
 * every second is told once, and again when it has stayed.
 */
import type { Clock, EpochMs, Timer } from "../../core/clock.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Logger } from "../../core/logger.ts";
import type { LinkState, MessageSink } from "../../core/message.ts";
import type { Counter, Gauge, Metrics } from "../../core/metrics.ts";

/** A line that was open for so long has stayed. */
const lastingMs = 10_000;
/** So many in a row may last less before they are told no more. */
const mostShort = 3;

export interface LineReportDeps {
  /** The source that has it. */
  readonly source: string;
  readonly path: string;
  /** The only device behind it, if it is the only one. */
  readonly device?: DeviceId | undefined;
  /**
   * The line was told to be open, or gone, and its device with it where it is gone. That the device is
   * there is for others to say, once it said something: a line is open without anybody at its end.
   */
  readonly told?: ((state: "online" | "offline") => void) | undefined;
  readonly sink: Pick<MessageSink, "connection">;
  readonly clock: Clock;
  readonly nowMs: () => EpochMs;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export class LineReport {
  readonly #deps: LineReportDeps;
  readonly #open: Gauge;
  readonly #losses: Counter;
  #state: LinkState;
  #told: "online" | "offline" | undefined;
  /** Why it is not open, as the journal has it. */
  #toldReason: string | undefined;
  #openedMs = 0;
  #shortLives = 0;
  #staying: Timer | undefined;

  constructor(deps: LineReportDeps) {
    const { metrics, nowMs, source } = deps;
    this.#deps = deps;
    this.#open = metrics.gauge("gateway_sources_line_open", "1 while a line is open, else 0.");
    this.#losses = metrics.counter(
      "gateway_sources_line_losses_total",
      "Times that an open line went: unplugged, or closed by the other side.",
    );
    this.#state = { isConnected: false, sinceMs: nowMs(), reason: undefined };
    this.#open.set(0, { source });
  }

  get state(): LinkState {
    return this.#state;
  }

  opened(): void {
    const { clock, logger, nowMs, path, source } = this.#deps;
    this.#state = { isConnected: true, sinceMs: nowMs(), reason: undefined };
    this.#openedMs = clock.monotonicMs();
    this.#toldReason = undefined;
    this.#open.set(1, { source });
    if (this.#isFlapping) {
      this.#staying = clock.setTimer(lastingMs, () => this.#say("online"));
      return;
    }
    logger.info("the line is open", { line: path });
    this.#say("online");
  }

  /** It was open, and is no more. */
  lost(reason: string): void {
    const { clock, logger, nowMs, path, source } = this.#deps;
    const livedMs = clock.monotonicMs() - this.#openedMs;
    const wasFlapping = this.#isFlapping;
    this.#staying?.cancel();
    this.#shortLives = livedMs < lastingMs ? this.#shortLives + 1 : 0;
    this.#losses.add(1, { source });
    this.#closed(reason, nowMs());
    this.#toldReason = reason;
    if (!wasFlapping) {
      const words = this.#isFlapping
        ? "the line is gone, each time soon after it was opened; it is tried on, and told when it stays"
        : "the line is gone";
      logger.warn(words, { line: path, reason });
    }
    this.#say("offline", reason);
  }

  /**
   * It could not be opened. Another reason than before is told when it comes twice: a port that is plugged
   * in is there a moment before it may be opened.
   */
  failed(reason: string): void {
    const { logger, path } = this.#deps;
    const isSame = this.#toldReason === undefined || this.#state.reason === reason;
    const isNews = isSame && this.#toldReason !== reason;
    if (isNews) this.#toldReason = reason;
    this.#closed(reason, this.#state.sinceMs);
    logger[isNews ? "warn" : "debug"]("the line cannot be opened; it is tried again", {
      line: path,
      reason,
    });
    this.#say("offline", reason);
  }

  /** The gateway left: nobody needs to be told. */
  stopped(): void {
    this.#staying?.cancel();
    this.#closed("stopped", this.#deps.nowMs());
  }

  get #isFlapping(): boolean {
    return this.#shortLives > mostShort;
  }

  #closed(reason: string, sinceMs: EpochMs): void {
    this.#state = { isConnected: false, sinceMs, reason };
    this.#open.set(0, { source: this.#deps.source });
  }

  #say(state: "online" | "offline", text?: string): void {
    if (this.#told === state) return;
    this.#told = state;
    const { device, nowMs, path, sink, source, told } = this.#deps;
    const cause = state === "online" ? "connect" : "connection-lost";
    const whose = state === "offline" && device !== undefined ? { device } : {};
    sink.connection({ source, client: path, ...whose, state, cause, text, receivedMs: nowMs() });
    told?.(state);
  }
}
