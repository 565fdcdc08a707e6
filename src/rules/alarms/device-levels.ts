/** The levels of a rule, from mild to severe, with the limits that they have for one device. */
import type { Measurement } from "../../core/measurement.ts";
import type { LeveledCondition } from "../rule.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import { hasAttr } from "../select.ts";
import type { AlarmDelays } from "./alarm-state.ts";
import { type DeviceLevel, judgeLevels, levelFor, type NormalRange } from "./verdict.ts";

/** A pending alert forgets its breach after this long without a value, or after `for` if longer. */
const forgetPendingMs = 600_000;

/** What is common to all devices with the same limits is there once. */
const common = new WeakMap<LeveledCondition, DeviceLevels>();

/** The levels of a condition of the rule as they are for the device. */
export function levelsFor(
  rule: NamedRule,
  condition: LeveledCondition,
  device: RuleDevice,
): DeviceLevels {
  if (condition.levels.some(({ limit }) => hasAttr(limit)))
    return new DeviceLevels(rule, condition, device);
  const known = common.get(condition);
  if (known?.rule === rule) return known;
  const levels = new DeviceLevels(rule, condition, device);
  common.set(condition, levels);
  return levels;
}

export class DeviceLevels {
  readonly rule: NamedRule;
  readonly delays: AlarmDelays;
  /** How long a pending alert waits for a value. */
  readonly patienceMs: number;
  /** What breaches none of them, as each level has it. */
  readonly normal: NormalRange;
  readonly #levels: readonly DeviceLevel[];

  constructor(rule: NamedRule, condition: LeveledCondition, device: RuleDevice) {
    const levels = condition.levels.map((level) => levelFor(level, device));
    this.rule = rule;
    this.#levels = levels;
    this.delays = {
      forMs: levels.map(({ forMs }) => forMs),
      keepMs: rule.keepFiringForMs,
      samples: rule.forSamples,
    };
    this.patienceMs = Math.max(forgetPendingMs, levels[0]?.forMs ?? 0);
    this.normal = [
      Math.max(...levels.map(({ normal }) => normal[0])),
      Math.min(...levels.map(({ normal }) => normal[1])),
    ];
  }

  get mildest(): DeviceLevel | undefined {
    return this.#levels[0];
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
    return this.rule.quality.includes(quality) ? this.breachOf(value, was) : undefined;
  }
}
