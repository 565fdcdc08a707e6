/** The levels of a rule, from mild to severe, with the limits that they have for one device. */
import type { Measurement } from "../../core/measurement.ts";
import type { LeveledCondition } from "../rule.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import type { AlarmDelays } from "./alarm-state.ts";
import { type DeviceLevel, judgeLevels, levelFor } from "./verdict.ts";

/** A pending alert forgets its breach after this long without a value, or after `for` if longer. */
const forgetPendingMs = 600_000;

export class DeviceLevels {
  readonly #rule: NamedRule;
  readonly #condition: LeveledCondition;
  #levels: readonly DeviceLevel[];

  constructor(rule: NamedRule, condition: LeveledCondition, device: RuleDevice) {
    this.#rule = rule;
    this.#condition = condition;
    this.#levels = condition.levels.map((level) => levelFor(level, device));
  }

  /** The device is described anew: its limits may be others. */
  setDevice(device: RuleDevice): void {
    this.#levels = this.#condition.levels.map((level) => levelFor(level, device));
  }

  get delays(): AlarmDelays {
    return {
      forMs: this.#levels.map(({ forMs }) => forMs),
      keepMs: this.#rule.keepFiringForMs,
      samples: this.#rule.forSamples,
    };
  }

  get mildest(): DeviceLevel | undefined {
    return this.#levels[0];
  }

  /** How long a pending alert waits for a value. */
  get patienceMs(): number {
    return Math.max(forgetPendingMs, this.mildest?.forMs ?? 0);
  }

  /** Undefined for an index beyond them, such as the -1 of no level. */
  at(index: number): DeviceLevel | undefined {
    return this.#levels[index];
  }

  /** The highest level that a value breaches where `was` was breached before; as `judgeLevels`. */
  breachOf(value: Measurement["value"], was: number): number | undefined {
    return judgeLevels(this.#levels, value, was);
  }

  /** The same for a sample; undefined, too, for a quality that the rule does not take. */
  breachOfSample({ quality, value }: Measurement, was: number): number | undefined {
    return this.#rule.quality.includes(quality) ? this.breachOf(value, was) : undefined;
  }
}
