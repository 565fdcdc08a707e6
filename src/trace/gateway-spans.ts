/** What a gateway tells of the way of its events: received, durable, forwarded. */
import type { Clock, EpochMs } from "../core/clock.ts";
import type { GatewayEvent, Origin } from "../core/event.ts";
import { eventIdOf, type Seq } from "../core/ids.ts";
import type { LogAccounts } from "../core/log-accounts.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import { type Span, type SpanSink, spanAttributes } from "../core/span.ts";
import { type CarriedTrace, traceOf } from "../core/trace-context.ts";

/** So many events may be on their way; of those that are more only the first span is told. */
const mostUnderWay = 16_384;

interface UnderWay extends Pick<Span, "trace" | "about" | "attributes"> {
  readonly seq: Seq;
  readonly appendedMs: EpochMs;
  durableMs: EpochMs | undefined;
}

export interface GatewaySpansDependencies {
  readonly clock: Clock;
  readonly log: Pick<ReadableLog, "run" | "durableSeq" | "onDurable"> &
    Pick<LogAccounts, "confirmed">;
  readonly origin: Origin;
  readonly spans: SpanSink;
}

/** What was under way when the process ended is not told: nobody keeps it for that. */
export class GatewaySpans {
  readonly #deps: GatewaySpansDependencies;
  readonly #underWay: UnderWay[] = [];
  /** Those in front of it are durable. */
  #durable = 0;
  readonly #unsubscribe: () => void;

  constructor(deps: GatewaySpansDependencies) {
    this.#deps = deps;
    this.#unsubscribe = deps.log.onDurable(() => this.#noteDurable());
  }

  /** An event was appended. */
  readonly appended = (event: GatewayEvent, seq: Seq): void => {
    const trace = traceOf(event.extensions);
    if (trace !== undefined) this.#begin(event, seq, trace);
  };

  /** The backbone has confirmed more. */
  readonly forwarded = (): void => {
    const { clock, log, spans } = this.#deps;
    const upTo = log.confirmed?.seq ?? 0;
    const nowMs = clock.wallMs();
    let count = 0;
    for (; count < this.#durable; count += 1) {
      const one = this.#underWay[count];
      if (one === undefined || one.seq > upTo) break;
      const { about, attributes, durableMs: startMs = nowMs, trace } = one;
      spans.add({
        ...{ role: "gateway", name: "forwarded", trace, about, attributes },
        ...{ startMs, endMs: nowMs },
      });
    }
    this.#underWay.splice(0, count);
    this.#durable -= count;
  };

  stop(): void {
    this.#unsubscribe();
  }

  #begin({ device, kind, receivedMs }: GatewayEvent, seq: Seq, trace: CarriedTrace): void {
    const { clock, log, origin, spans } = this.#deps;
    const about = eventIdOf(origin.gateway, log.run, seq);
    const appendedMs = clock.wallMs();
    const attributes = spanAttributes({ ...origin, device, kind, id: about });
    spans.add({
      ...{ role: "gateway", name: "received", trace, about, attributes },
      ...{ startMs: receivedMs, endMs: appendedMs },
    });
    if (this.#underWay.length < mostUnderWay)
      this.#underWay.push({ seq, about, attributes, trace, appendedMs, durableMs: undefined });
  }

  #noteDurable(): void {
    const { clock, log, spans } = this.#deps;
    const nowMs = clock.wallMs();
    for (; this.#durable < this.#underWay.length; this.#durable += 1) {
      const one = this.#underWay[this.#durable];
      if (one === undefined || one.seq > log.durableSeq) return;
      one.durableMs = nowMs;
      const { about, appendedMs: startMs, attributes, trace } = one;
      spans.add({
        ...{ role: "gateway", name: "durable", trace, about, attributes },
        ...{ startMs, endMs: nowMs },
      });
    }
  }
}
