/**
 * QoS 1 load at full speed, with devices that number what they send and send it again after a cut:
 * for benches and for tests that break things.
 */
import type { Clock, Timer } from "../core/clock.ts";
import { LatencyHistogram } from "./latency-histogram.ts";
import { LoadConnection } from "./load-connection.ts";
import { createFrameWriter, type NumberedObject } from "./load-frames.ts";
import { parseBrokerUrl } from "./mqtt-wire.ts";
import { numberMetric } from "./proof.ts";
import { createSeededRandom } from "./seeded-random.ts";

export interface LoadOptions {
  /** `mqtt://[user:password@]host:port` */
  readonly url: string;
  /** Each is one device: `load-1`, `load-2`, ... */
  readonly connections: number;
  /** Default: `load`. Loads at the same time need different names. */
  readonly name?: string;
  /** PUBLISHes of one connection that may wait for their PUBACK, at most 10,000. */
  readonly window: number;
  /** Size of the JSON payload; blanks fill it up. */
  readonly payloadBytes: number;
  /** Events of all devices together. Default: no end but `stop`. */
  readonly total?: number;
  /** New events per second of all devices together. Default: as fast as PUBACKs come. */
  readonly ratePerSecond?: number;
  /** Names this start of the devices; goes into every event. */
  readonly boot: string;
  /** Default: `sim/freezer/<device>/telemetry`. */
  readonly topicOf?: (device: string) => string;
  /** Further members of the JSON object. Default: what a freezer says. */
  readonly fields?: string;
  /** Another object in place of `n`, `boot` and `fields`. */
  readonly object?: NumberedObject;
  readonly clock: Clock;
  /** Called for every PUBACK, in order per device. */
  readonly onAck?: (device: string, n: number) => void;
}

export interface LoadReport {
  /** Numbers that went out at least once. */
  readonly sent: number;
  readonly acked: number;
  /** Sent once more after a cut. */
  readonly resent: number;
  readonly reconnects: number;
  /** Answers that MQTT does not allow: refused connections, PUBACKs out of order. */
  readonly protocolFaults: number;
  /** From the start to the last PUBACK. */
  readonly elapsedMs: number;
  readonly ackedPerSecond: number;
  /** From the first write of an event to its PUBACK. */
  readonly latency: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };
}

export interface Load {
  /** Resolves when the total is acknowledged, or `stop` ended it. */
  readonly finished: Promise<LoadReport>;
  report(): LoadReport;
  /**
   * Sends nothing new and waits for the PUBACKs of what is under way, over reconnects if need be,
   * but no longer than `timeoutMs` (default: 30 s; 0 goes at once).
   */
  stop(timeoutMs?: number): Promise<LoadReport>;
}

const freezerFields = '"temperature":-18.25,"door":false,"compressor":true';
const paceMs = 5;

export function startLoad(options: LoadOptions): Load {
  const { clock, connections: count, total = Number.MAX_SAFE_INTEGER, ratePerSecond } = options;
  const broker = parseBrokerUrl(options.url);
  const topicOf = options.topicOf ?? ((device) => `sim/freezer/${device}/telemetry`);
  const object = options.object ?? {
    head: `{"${numberMetric}":`,
    tail: `,"boot":${JSON.stringify(options.boot)},${options.fields ?? freezerFields}`,
  };
  const latency = new LatencyHistogram();
  const startedMs = clock.monotonicMs();
  let lastAckMs = startedMs;
  let newSent = 0;
  let ended = false;
  let pace: Timer | undefined;
  let limit: Timer | undefined;
  const { promise: finished, resolve: resolveFinished } = createDeferred<LoadReport>();

  /** New events that may go out by now, all devices together. */
  const allowance = (): number =>
    ratePerSecond === undefined
      ? Number.MAX_SAFE_INTEGER
      : Math.floor((ratePerSecond * (clock.monotonicMs() - startedMs)) / 1_000) - newSent;

  const pump = (connection: LoadConnection): void => {
    newSent += connection.send(Math.max(0, allowance()));
  };

  const connections = Array.from({ length: count }, (_, index) => {
    const device = `${options.name ?? "load"}-${index + 1}`;
    return new LoadConnection({
      device,
      broker,
      window: options.window,
      quota: Math.floor(total / count) + (index < total % count ? 1 : 0),
      writeFrames: createFrameWriter({
        topic: topicOf(device),
        ...object,
        payloadBytes: options.payloadBytes,
      }),
      latency,
      clock,
      random: createSeededRandom(`${options.boot}/${device}`),
      onAck: options.onAck ?? (() => {}),
      onRoom: (connection) => {
        lastAckMs = clock.monotonicMs();
        pump(connection);
        if (connection.done) endIfDone();
      },
    });
  });

  const report = (): LoadReport => {
    const sum = (of: (connection: LoadConnection) => number): number =>
      connections.reduce((all, connection) => all + of(connection), 0);
    const acked = sum((connection) => connection.acked);
    const elapsedMs = lastAckMs - startedMs;
    return {
      sent: sum((connection) => connection.sent),
      acked,
      resent: sum((connection) => connection.resent),
      reconnects: sum((connection) => connection.reconnects),
      protocolFaults: sum((connection) => connection.protocolFaults),
      elapsedMs,
      ackedPerSecond: elapsedMs > 0 ? (acked * 1_000) / elapsedMs : 0,
      latency: {
        p50Ms: latency.quantileMs(0.5),
        p99Ms: latency.quantileMs(0.99),
        maxMs: latency.maxMs,
      },
    };
  };

  const end = (): void => {
    if (ended) return;
    ended = true;
    pace?.cancel();
    limit?.cancel();
    for (const connection of connections) connection.close();
    resolveFinished(report());
  };
  const endIfDone = (): void => {
    if (connections.every(({ done }) => done)) end();
  };

  /** With a rate, every connection gets its turn; who begins moves on, so that none starves. */
  let first = 0;
  const tick = (): void => {
    pace = clock.setTimer(paceMs, tick);
    first = (first + 1) % count;
    let allowed = allowance();
    const share = Math.max(1, Math.ceil(allowed / count));
    for (let turn = 0; turn < count && allowed > 0; turn += 1) {
      const sent = connections[(first + turn) % count]?.send(Math.min(share, allowed)) ?? 0;
      newSent += sent;
      allowed -= sent;
    }
  };

  for (const connection of connections) connection.open();
  if (ratePerSecond !== undefined) tick();
  return {
    finished,
    report,
    stop(timeoutMs = 30_000) {
      pace?.cancel();
      for (const connection of connections) connection.finish();
      endIfDone();
      if (!ended) limit = clock.setTimer(timeoutMs, end);
      return finished;
    },
  };
}

function createDeferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((given) => {
    resolve = given;
  });
  return { promise, resolve };
}
