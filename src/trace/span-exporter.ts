/**
 * Sends spans to where they are collected, beside the flow and never in its way: what finds no room, is
 * refused or cannot be sent in time is counted and gone.
 */
import { type Clock, sleep } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Counter, Gauge, Metrics } from "../core/metrics.ts";
import { Backoff, type Random } from "../core/retry.ts";
import { parseRetryAfter } from "../core/retry-after.ts";
import type { Span, SpanSink } from "../core/span.ts";
import { parseTraceParent } from "../core/trace-context.ts";
import { encodeRequest, encodeSpan, type Resource, rejectedSpans } from "./otlp-json.ts";
import { SpanQueue } from "./span-queue.ts";

/** How long a span waits for others. */
const gatherMs = 1_000;
/** Between two requests: devices that want everything recorded must not take the flow's time. */
const restMs = 100;
/** How long one request is tried. */
const triedForMs = 60_000;
/** So long at most is waited where the other side asks for it. */
const longestRestMs = 30_000;
const backoffLimits = { baseMs: 1_000, maxMs: 15_000 };
/** How long a stop waits for the last request. */
const lastWithinMs = 2_000;

/** Answers of OTLP that say: later. */
const retried = new Set([429, 502, 503, 504]);

/** What came back. */
export type PostAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly retryAfter: string | null;
      readonly body: string;
    }
  | { readonly kind: "failed"; readonly reason: string };

export interface SpanExporterDependencies {
  /** Posts the body of one request; never rejects. */
  readonly post: (body: string, signal: AbortSignal) => Promise<PostAnswer>;
  readonly resource: Omit<Resource, "service">;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export class SpanExporter implements SpanSink {
  readonly #deps: SpanExporterDependencies;
  readonly #queue = new SpanQueue();
  readonly #stopping = new AbortController();
  /** Aborted when nothing is waited for any more. */
  readonly #cutOff = new AbortController();
  readonly #sent: Counter;
  readonly #dropped: Counter;
  readonly #queued: Gauge;
  readonly #ended: Promise<void>;
  #wake: () => void = () => {};
  #isFailing = false;

  constructor(deps: SpanExporterDependencies) {
    this.#deps = deps;
    this.#sent = deps.metrics.counter("gateway_trace_spans_sent_total", "Spans that were taken.");
    this.#dropped = deps.metrics.counter(
      "gateway_trace_spans_dropped_total",
      "Spans that nobody has, by why: no room for them, refused, or not taken in time.",
    );
    this.#queued = deps.metrics.gauge("gateway_trace_queue_bytes", "Spans that wait to be sent.");
    this.#ended = this.#run();
  }

  /** Passes over what its trace does not want recorded. */
  add(span: Span): void {
    const parent = parseTraceParent(span.trace.traceparent);
    if (!parent?.sampled || this.#stopping.signal.aborted) return;
    const isKept = this.#queue.hasRoom && this.#queue.add(span.role, encodeSpan(span, parent));
    if (!isKept) this.#dropped.add(1, { reason: "no-room" });
    if (this.#queue.spans === 1 || this.#queue.isFull) this.#wake();
  }

  /** Sends what there is, once, for a short time. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    const { clock, post } = this.#deps;
    const { signal } = this.#cutOff;
    const timer = clock.setTimer(lastWithinMs, () => this.#cutOff.abort());
    await this.#ended;
    while (this.#queue.spans > 0 && !signal.aborted) {
      const { body, count } = this.#take();
      const answer = await post(body, signal);
      if (answer.kind === "answered" && answer.status < 300) this.#sent.add(count);
      else this.#dropped.add(count, { reason: "unreachable" });
    }
    if (this.#queue.spans > 0) this.#dropped.add(this.#queue.spans, { reason: "unreachable" });
    timer.cancel();
  }

  async #run(): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (this.#queue.spans === 0) await this.#woken();
      if (!this.#queue.isFull && !signal.aborted) {
        const full = new AbortController();
        this.#wake = () => full.abort();
        await sleep(clock, gatherMs, AbortSignal.any([signal, full.signal]));
      }
      this.#queued.set(this.#queue.bytes);
      if (this.#queue.spans > 0 && !signal.aborted) await this.#send(signal);
      this.#queued.set(this.#queue.bytes);
      await sleep(clock, restMs, signal);
    }
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { clock, post, random } = this.#deps;
    const { body, count } = this.#take();
    const backoff = new Backoff(backoffLimits, random);
    const sinceMs = clock.monotonicMs();
    for (;;) {
      const answer = await post(body, this.#cutOff.signal);
      if (answer.kind === "answered" && !retried.has(answer.status)) {
        this.#settle(answer, count);
        return;
      }
      const reason = answer.kind === "failed" ? answer.reason : `answered ${answer.status}`;
      this.#complain(reason);
      const askedMs =
        answer.kind === "answered" ? parseRetryAfter(answer.retryAfter, clock.wallMs()) : undefined;
      const waitMs = Math.max(Math.min(askedMs ?? 0, longestRestMs), backoff.nextMs());
      if (signal.aborted || clock.monotonicMs() + waitMs - sinceMs > triedForMs) break;
      await sleep(clock, waitMs, signal);
    }
    this.#dropped.add(count, { reason: "unreachable" });
  }

  #settle(answer: Extract<PostAnswer, { kind: "answered" }>, count: number): void {
    const { body, status } = answer;
    if (status < 200 || status >= 300) {
      this.#dropped.add(count, { reason: "refused" });
      this.#complain(`answered ${status}`);
      return;
    }
    const rejected = Math.min(count, rejectedSpans(body));
    this.#sent.add(count - rejected);
    if (rejected > 0) this.#dropped.add(rejected, { reason: "refused" });
    if (this.#isFailing) this.#deps.logger.info("spans are taken again");
    this.#isFailing = false;
  }

  /** Once, until spans are taken again. */
  #complain(reason: string): void {
    if (!this.#isFailing)
      this.#deps.logger.warn("spans are not taken; the flow goes on without", { reason });
    this.#isFailing = true;
  }

  #take(): { readonly body: string; readonly count: number } {
    const { resource } = this.#deps;
    const taken = [...this.#queue.take()];
    const body = encodeRequest(
      taken.map(([role, texts]) => [{ ...resource, service: `sluicegate-${role}` }, texts]),
    );
    return { body, count: taken.reduce((sum, [, texts]) => sum + texts.length, 0) };
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#stopping.signal.aborted || this.#queue.spans > 0) resolve();
    });
  }
}
