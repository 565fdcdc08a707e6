/**
 * All counters and gauges of the process, and their text for Prometheus (exposition format 0.0.4).
 *
 * Invariants
 * - A name stands for one instrument, whoever asks for it.
 * - An instrument has at most `maxSeries` series; labels that would make more are all counted under
 *   the label values `other`, so that sums stay right and memory stays bounded.
 */
import { bug } from "../core/errors.ts";
import type { Counter, Gauge, Labels, Metrics } from "../core/metrics.ts";

/** Series of one instrument, at most. */
export const maxSeries = 200;

const namePattern = /^[a-z][a-z0-9_]*$/;

export interface MetricsRegistry extends Metrics {
  /** Everything as text, instruments in order of their names. */
  expose(): string;
}

interface Instrument {
  readonly type: "counter" | "gauge";
  readonly help: string;
  /** A counter's count without labels, which comes once per message. */
  bare: number;
  /** By label text: `{reason="no-profile"}`, or nothing at all. */
  readonly series: Map<string, number>;
}

export function createMetricsRegistry(): MetricsRegistry {
  const instruments = new Map<string, Instrument>();

  const instrumentOf = (type: Instrument["type"], name: string, help: string): Instrument => {
    const known = instruments.get(name);
    if (known && known.type !== type) bug(`metric ${name} is a ${known.type}, not a ${type}`);
    if (known) return known;
    if (!namePattern.test(name)) bug(`"${name}" cannot be the name of a metric`);
    const instrument: Instrument = { type, help, bare: 0, series: new Map() };
    instruments.set(name, instrument);
    return instrument;
  };

  return {
    counter(name, help): Counter {
      const instrument = instrumentOf("counter", name, help);
      const { series } = instrument;
      return {
        add(amount = 1, labels) {
          if (!(amount >= 0)) bug(`counter ${name} cannot go up by ${amount}`);
          if (labels === undefined) {
            instrument.bare += amount;
            return;
          }
          const key = seriesKey(series, labels);
          series.set(key, (series.get(key) ?? 0) + amount);
        },
      };
    },
    gauge(name, help): Gauge {
      const { series } = instrumentOf("gauge", name, help);
      return { set: (value, labels) => void series.set(seriesKey(series, labels), value) };
    },
    expose() {
      let text = "";
      for (const name of [...instruments.keys()].sort()) {
        const instrument = instruments.get(name);
        if (instrument) text += exposeInstrument(name, instrument);
      }
      return text;
    },
  };
}

function seriesKey(series: ReadonlyMap<string, number>, labels: Labels | undefined): string {
  if (labels === undefined) return "";
  const key = labelText(labels, (label) => labels[label] ?? "");
  return series.has(key) || series.size < maxSeries ? key : labelText(labels, () => "other");
}

function labelText(labels: Labels, textOf: (label: string) => string): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((label) => `${label}="${escapeLabel(textOf(label))}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

function exposeInstrument(name: string, { bare, type, help, series }: Instrument): string {
  const helpText = help.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
  let text = `# HELP ${name} ${helpText}\n# TYPE ${name} ${type}\n`;
  // A counter that only ever had labels needs no bare line.
  if (type === "counter" && (bare > 0 || series.size === 0))
    text += `${name} ${formatNumber(bare)}\n`;
  for (const [labels, value] of series) text += `${name}${labels} ${formatNumber(value)}\n`;
  return text;
}

function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}
