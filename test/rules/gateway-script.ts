import type { Status, StoredEvent } from "../../src/core/event.ts";
import type { Extensions } from "../../src/core/extensions.ts";
import { toDeviceId, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import type { Measurement } from "../../src/core/measurement.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { EngineSnapshot } from "../../src/rules/engine-snapshot.ts";
import { parseRules } from "../../src/rules/language/rule-file-schema.ts";
import type { RuleEngine } from "../../src/rules/rule-engine.ts";
import { buildRuleSet, type RuleSet } from "../../src/rules/rule-set.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";

/** 2026-11-21T12:00:00Z; scripts count in seconds from here. */
export const startMs = Date.UTC(2026, 10, 21, 12, 0, 0);
export const s = 1_000;
export const minutes = 60_000;
export const hours = 3_600_000;

/** A moment as a transition writes it. */
export function at(ms: number): string {
  return new Date(startMs + ms).toISOString();
}

/** A rule set of one group named `g`; fails the test when the rules have faults. */
export function ruleSet(...rules: readonly object[]): RuleSet {
  const parsed = parseRules({ version: 1, groups: [{ name: "g", rules }] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults, null, 2));
  const built = buildRuleSet([parsed.value]);
  if (!built.ok) throw new Error(JSON.stringify(built.faults, null, 2));
  return built.value;
}

/** Writes the events of one gateway, all times in milliseconds after `startMs`. */
export class GatewayScript {
  readonly events: StoredEvent[] = [];
  readonly #gateway: string;
  #seq = 0;
  #run = toRunId("aaaaaaaa");

  constructor(gateway = "gw1") {
    this.#gateway = gateway;
  }

  device(
    device: string,
    record: {
      profile?: string;
      /** Null where its profile names none. */
      intervalMs?: number | null;
      tags?: Record<string, string>;
      attrs?: Record<string, number | boolean | string>;
      metrics?: readonly string[];
    } = {},
    receivedMs = 0,
  ): this {
    const { profile = "freezer@1", intervalMs = 10 * s, tags = {}, attrs = {} } = record;
    const metrics = (record.metrics ?? ["temperature"]).map((name) => ({ name }));
    return this.#add({
      ...this.#frame(device, receivedMs, receivedMs, "gateway"),
      kind: "device",
      data: {
        device: toDeviceId(device),
        profile,
        ...(intervalMs !== null && { intervalMs }),
        tags,
        attrs,
        metrics,
      },
    });
  }

  /** A sample of one metric; `receivedMs` is its own time unless it travelled. */
  sample(
    device: string,
    timeMs: number,
    value: Measurement["value"],
    options: {
      receivedMs?: number;
      metric?: string;
      quality?: Measurement["quality"];
      clock?: "device" | "gateway" | "unsynced";
      /** What the device said, where that was not believed. */
      saidMs?: number;
      extensions?: Extensions;
    } = {},
  ): this {
    const { receivedMs = timeMs, metric = "temperature", quality = "good" } = options;
    return this.samples(device, timeMs, [[metric, value]], { ...options, receivedMs, quality });
  }

  /** A message with several metrics. */
  samples(
    device: string,
    timeMs: number,
    values: readonly (readonly [metric: string, value: Measurement["value"]])[],
    options: Omit<NonNullable<Parameters<GatewayScript["sample"]>[3]>, "metric"> = {},
  ): this {
    const { clock = "device", extensions, quality = "good", receivedMs = timeMs, saidMs } = options;
    return this.#add({
      ...this.#frame(device, timeMs, receivedMs, clock),
      kind: "measurement",
      ...(saidMs !== undefined && { deviceTimeMs: startMs + saidMs }),
      extensions,
      data: values.map(([name, value]) => ({ name, unit: "Cel", value, quality })),
    });
  }

  /** What follows stands in the log behind `before`. */
  goOnFrom(before: GatewayScript): this {
    this.#seq = before.#seq;
    this.#run = before.#run;
    return this;
  }

  /** Without `heardMs`, one as gateways of the first version write it. */
  watermark(tMs: number, reset?: true, heardMs?: number): this {
    return this.#add({
      ...this.#frame(null, tMs, tMs, "gateway"),
      kind: "watermark",
      data: {
        t: startMs + tMs,
        ...(reset && { reset }),
        ...(heardMs !== undefined && { heardMs }),
      },
    });
  }

  /** Records that are in the log and will never be read: given up, or damaged. */
  missing(count: number): this {
    this.#seq += count;
    return this;
  }

  /** A process of the gateway starts; all that follows is of its run. */
  start(atMs: number, run: string): this {
    this.#run = toRunId(run);
    return this.status(null, atMs, { state: "unknown", cause: "gateway-started" });
  }

  status(device: string | null, receivedMs: number, data: Status, extensions?: Extensions): this {
    return this.#add({
      ...this.#frame(device, receivedMs, receivedMs, "gateway"),
      kind: "status",
      extensions,
      data,
    });
  }

  rejection(device: string, receivedMs: number): this {
    return this.#add({
      ...this.#frame(device, receivedMs, receivedMs, "gateway"),
      kind: "rejection",
      data: { code: "bad-value", reason: "not a number", topic: `tele/${device}`, payload: "" },
    });
  }

  gap(count: number, atMs = 0, lost: "rejection" | "telemetry" = "telemetry"): this {
    const range = { run: toRunId("aaaaaaaa"), from: toSeq(1), to: toSeq(9), count };
    return this.#add({
      ...this.#frame(null, atMs, atMs, "gateway"),
      kind: "gap",
      data: { ranges: [{ ...range, class: lost, reason: "dropped-full" }] },
    });
  }

  /** A sample every `everyMs` from `fromMs` up to and with `toMs`, each with its watermark. */
  steady(device: string, fromMs: number, toMs: number, everyMs: number, value: number): this {
    for (let timeMs = fromMs; timeMs <= toMs; timeMs += everyMs)
      this.sample(device, timeMs, value).watermark(timeMs);
    return this;
  }

  #frame<C extends "device" | "gateway" | "unsynced">(
    device: string | null,
    timeMs: number,
    receivedMs: number,
    clock: C,
  ) {
    this.#seq += 1;
    return {
      device: device === null ? null : toDeviceId(device),
      timeMs: startMs + timeMs,
      receivedMs: startMs + receivedMs,
      clock,
      origin: { site: toSiteId("plant-a"), gateway: toGatewayId(this.#gateway) },
      position: { run: this.#run, seq: toSeq(this.#seq) },
    };
  }

  #add(event: StoredEvent): this {
    this.events.push(event);
    return this;
  }
}

/** All transitions of a stream, by a new engine or a given one. */
export function run(
  rules: RuleSet,
  events: readonly StoredEvent[],
  engine: RuleEngine = createRuleEngine(rules),
): TransitionDraft[] {
  return events.flatMap((event) => [...engine.feed(event)]);
}

/** The same, by an engine that is saved as text and made anew after every event. */
export function runWithRestarts(rules: RuleSet, events: readonly StoredEvent[]): TransitionDraft[] {
  let saved: EngineSnapshot | undefined;
  return events.flatMap((event) => {
    const engine = createRuleEngine(rules, saved);
    const drafts = [...engine.feed(event)];
    saved = JSON.parse(JSON.stringify(engine.snapshot()));
    return drafts;
  });
}

/** What a test says about a transition: `firing for_elapsed warning 12:02:00`. */
export function told(drafts: readonly TransitionDraft[]): string[] {
  return drafts.map(
    ({ state, reason, severity, at: moment }) =>
      `${state} ${reason} ${severity} ${moment.slice(11, moment.endsWith("000Z") ? 19 : 23)}`,
  );
}
