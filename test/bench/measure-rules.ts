/**
 * What the rule engine takes per second of processor time, by rules and devices: events as a processor
 * feeds them, read from their text just before, batch by batch.
 */
import type { StoredEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { type FigureGroup, formatCount, formatMs, formatRate } from "./figures.ts";
import { announcements, batches, rulesOf } from "./rule-load.ts";

/** Fed before anything is measured, so that the program is what it is after a minute. */
const warmUpSamples = 20_000;

/** `samples` are fed for each figure. */
export function measureRules(samples: number): FigureGroup {
  const cells = [10, 100, 1_000].flatMap((rules) =>
    [1, 1_000, 100_000].map((devices) => ({ rules, devices })),
  );
  measure(100, 1_000, warmUpSamples);
  const figures = cells.flatMap(({ devices, rules }) => {
    const { announcedUs, decodedPerSecond, fedPerSecond, longestMs } = measure(
      rules,
      devices,
      samples,
    );
    const what = `${formatCount(rules)} rules, ${formatCount(devices)} devices`;
    const goal = rules === 100 ? { goal: formatRate(200_000) } : {};
    return [
      { what: `${what}: events`, measured: formatRate(fedPerSecond), ...goal },
      { what: `${what}: read from their text`, measured: formatRate(decodedPerSecond) },
      { what: `${what}: the longest watermark`, measured: formatMs(longestMs) },
      { what: `${what}: a device announced`, measured: `${announcedUs.toFixed(1)} µs` },
    ];
  });
  return { title: "The rules, of which ten match", figures };
}

interface Measured {
  readonly fedPerSecond: number;
  readonly decodedPerSecond: number;
  readonly longestMs: number;
  readonly announcedUs: number;
}

function measure(rules: number, devices: number, samples: number): Measured {
  const engine = createRuleEngine(rulesOf(rules));
  let announcedMs = 0;
  for (const text of announcements(devices)) {
    const [event] = decode([text]);
    if (event) announcedMs += timeOf(() => engine.feed(event));
  }
  let [spoke, fed, fedMs, decodedMs, longestMs] = [0, 0, 0, 0, 0];
  for (const batch of batches(devices, devices + samples)) {
    // The first that a device says is dearer than all that follows.
    if (spoke < devices) {
      spoke += batch.length;
      for (const event of decode(batch)) engine.feed(event);
      continue;
    }
    const began = processorMs();
    const events = decode(batch);
    const begun = processorMs();
    decodedMs += begun - began;
    for (const event of events) {
      if (event.kind === "watermark")
        longestMs = Math.max(
          longestMs,
          timeOf(() => engine.feed(event)),
        );
      else engine.feed(event);
    }
    fedMs += processorMs() - begun;
    fed += events.length;
  }
  return {
    fedPerSecond: (fed * 1_000) / fedMs,
    decodedPerSecond: (fed * 1_000) / decodedMs,
    longestMs,
    announcedUs: (announcedMs * 1_000) / devices,
  };
}

function decode(batch: readonly string[]): readonly StoredEvent[] {
  return batch.map(decodeEvent).filter((event): event is StoredEvent => !isMalformed(event));
}

/** Of this process, with its collector: others who use the machine are not in it. */
function processorMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000;
}

function timeOf(work: () => unknown): number {
  const began = processorMs();
  work();
  return processorMs() - began;
}
