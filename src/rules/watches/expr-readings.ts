/** What an expression reads of one device: each metric with its own hold, and how old it is. */
import type { Measurement } from "../../core/measurement.ts";
import { type HeldState, HeldValue } from "../alarms/held-value.ts";
import { HoldTime } from "../alarms/hold-time.ts";
import type { RuleDevice } from "../rule-device.ts";
import { fieldsOf, type Readings } from "../rule-expression.ts";
import type { ExprCondition } from "./expr-condition.ts";

interface Reading {
  readonly held: HeldValue;
  readonly hold: HoldTime;
  /** Seconds that its age is compared with. */
  readonly ages: readonly number[];
}

export class ExprReadings implements Readings {
  readonly labels: Readonly<Record<string, string>>;
  device: Readings["device"];
  readonly #readings = new Map<string, Reading>();
  #unread: readonly string[] = [];
  #atMs = 0;

  constructor(
    condition: ExprCondition,
    ruleHoldMs: number | undefined,
    device: RuleDevice,
    labels: Readonly<Record<string, string>>,
    from: number | Readonly<Record<string, HeldState>>,
    fromMs: number,
  ) {
    this.device = fieldsOf(device);
    this.labels = labels;
    if (typeof from !== "number")
      this.#unread = condition.metrics.filter((metric) => from[metric] === undefined);
    const asked = [condition.fire, condition.clear].flatMap((each) => each?.reads.ages ?? []);
    for (const metric of condition.metrics) {
      const saved = typeof from === "number" ? undefined : from[metric];
      const held = new HeldValue(saved ?? fromMs);
      const hold = new HoldTime(ruleHoldMs, device.intervalMs);
      held.holdMs = saved ? (saved.hold ?? Number.POSITIVE_INFINITY) : hold.msFor(undefined);
      const ages = asked.flatMap((age) => (age.metric === metric ? [age.seconds] : []));
      this.#readings.set(metric, { held, hold, ages });
    }
  }

  /** Metrics that are new to an edited rule: once each. */
  takeUnread(): readonly string[] {
    const unread = this.#unread;
    this.#unread = [];
    return unread;
  }

  has(metric: string): boolean {
    return this.#readings.has(metric);
  }

  get all(): Iterable<HeldValue> {
    return Array.from(this.#readings.values(), ({ held }) => held);
  }

  held(metric: string): HeldValue | undefined {
    return this.#readings.get(metric)?.held;
  }

  /** Values that count. */
  get m(): Record<string, number | boolean | string> {
    const values: Record<string, number | boolean | string> = {};
    for (const [metric, { held }] of this.#readings)
      if (held.known && held.value !== undefined) values[metric] = held.value;
    return values;
  }

  /** The same at a moment, for ages. */
  at(atMs: number): this {
    this.#atMs = atMs;
    return this;
  }

  ageSeconds(metric: string): number | undefined {
    const held = this.held(metric);
    return held?.value === undefined ? undefined : (this.#atMs - held.valueMs) / 1_000;
  }

  /** Some metric has no value that counts, since none came for its hold. */
  get isMissing(): boolean {
    for (const { missing } of this.all) if (missing) return true;
    return false;
  }

  /** Where something may be otherwise without a sample, behind `afterMs`; infinity for nowhere. */
  nextMs(afterMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { held, ages } of this.#readings.values()) {
      if (!held.missing) nextMs = Math.min(nextMs, Math.max(held.untilMs, afterMs));
      if (held.value === undefined) continue;
      for (const seconds of ages)
        for (const edgeMs of [held.valueMs + seconds * 1_000, held.valueMs + seconds * 1_000 + 1])
          if (edgeMs > afterMs) nextMs = Math.min(nextMs, edgeMs);
    }
    return nextMs;
  }

  /** The line passed `atMs`: what held until then holds no more. */
  pass(atMs: number): void {
    for (const held of this.all)
      if (!held.missing && held.untilMs <= atMs) {
        held.doubt(held.untilMs);
        held.miss();
      }
  }

  /** None counts until its next sample. */
  forget(atMs: number): void {
    for (const held of this.all) {
      held.doubt(atMs);
      held.forgetMiss();
    }
  }

  /** How far the line may go: as far as any of them carries it. */
  get reachMs(): number {
    let reachMs = Number.NEGATIVE_INFINITY;
    for (const { held, ages } of this.#readings.values()) {
      reachMs = Math.max(reachMs, held.reachMs);
      if (held.value === undefined) continue;
      for (const seconds of ages) reachMs = Math.max(reachMs, held.valueMs + seconds * 1_000 + 1);
    }
    return reachMs;
  }

  take(sampleMs: number, sample: Measurement): void {
    const reading = this.#readings.get(sample.name);
    reading?.held.take(sampleMs, sample);
    if (reading) reading.held.holdMs = reading.hold.msFor(reading.held.value);
  }

  observe(metric: string, intervalMs: number | undefined): void {
    const reading = this.#readings.get(metric);
    reading?.hold.observe(intervalMs);
    if (reading) reading.held.holdMs = reading.hold.msFor(reading.held.value);
  }

  setDevice(device: RuleDevice): void {
    this.device = fieldsOf(device);
    for (const { held, hold } of this.#readings.values()) {
      const beforeMs = held.holdMs;
      hold.declare(device.intervalMs);
      held.holdMs = hold.msFor(held.value);
      held.growOlder(beforeMs);
    }
  }

  toState(): Record<string, HeldState> {
    return Object.fromEntries(
      Array.from(this.#readings, ([metric, { held }]) => [metric, held.toState()]),
    );
  }
}
