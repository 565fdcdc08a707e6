/**
 * Counters and gauges in Prometheus' words. Names are `gateway_<room>_<noun>_<unit>[_total]`;
 * asking for a name again gives the same instrument.
 */

/** Values of labels, few and bounded. */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(amount?: number, labels?: Labels): void;
}

export interface Gauge {
  set(value: number, labels?: Labels): void;
}

export interface Metrics {
  counter(name: string, help: string): Counter;
  gauge(name: string, help: string): Gauge;
}
