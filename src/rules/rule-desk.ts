/** What the devices of one gateway share: the rules, the way out, and the bounds. */

import type { RuleIndex } from "./rule-index.ts";
import type { NamedRule } from "./rule-set.ts";
import type { GatewayRecords } from "./series/gateway-records.ts";
import type { GatewayGroups } from "./together/gateway-groups.ts";
import type { Outbox } from "./words/outbox.ts";
import { endUnjudged, type TransitionDraft } from "./words/transition.ts";

/** One rule has at most so many alerts of one gateway, unless it says another number. */
const maxInstances = 10_000;

/** Why an episode is judged no longer: its rule is gone, or judges something else now. */
export type Dismissal = "rule_removed" | "rule_changed";

/** An episode that ends, though no rule judges it. */
export interface Dismissed {
  readonly last: TransitionDraft;
  readonly reason: Dismissal;
}

/** Why a device is watched no longer. */
export type Departure = "device_removed" | "gateway_removed";

/** What the engine counted since it was created. */
export interface EngineCounts {
  /** Samples judged or at least looked at. */
  samples: number;
  /** Samples that were passed over, since newer ones had been judged. */
  outOfOrder: number;
  /** Times a device's clock was found to have been set back. */
  clocksSetBack: number;
  /** Samples from before the gateway knew the time. */
  unsynced: number;
  /** Records that gap events declared lost. */
  declaredLost: number;
  /** Times too many samples came between two watermarks, so that they were judged early. */
  overflows: number;
  /** Times a device or an instance was left out, because there are too many. */
  leftOut: number;
  /** The same by rule, for those with as many alerts as they may have. */
  readonly leftOutOf: Record<string, number>;
  /** Devices that were given up for others, since there are too many: those heard longest ago. */
  displaced: number;
}

export function noCounts(): EngineCounts {
  return {
    samples: 0,
    outOfOrder: 0,
    clocksSetBack: 0,
    unsynced: 0,
    declaredLost: 0,
    overflows: 0,
    leftOut: 0,
    leftOutOf: {},
    displaced: 0,
  };
}

export class RuleDesk {
  readonly rules: RuleIndex;
  readonly outbox: Outbox;
  readonly counts: EngineCounts;
  /** The series of the gateway. */
  readonly records: GatewayRecords;
  /** The rules about many of its devices together. */
  readonly groups: GatewayGroups;
  readonly #instances = new Map<string, number>();
  #removed: Dismissed[];
  /** An instance found no room since `takeShortage` was called. */
  #short: string | undefined;

  constructor(
    rules: RuleIndex,
    outbox: Outbox,
    counts: EngineCounts,
    records: GatewayRecords,
    groups: GatewayGroups,
    removed: readonly Dismissed[] = [],
  ) {
    this.rules = rules;
    this.outbox = outbox;
    this.counts = counts;
    this.records = records;
    this.groups = groups;
    this.#removed = [...removed, ...groups.dismissed];
  }

  /** Episodes that no rule judges, until the next watermark ends them. */
  get removed(): readonly Dismissed[] {
    return this.#removed;
  }

  /** The rule that an instance found no room for since the last call; undefined for none. */
  takeShortage(): string | undefined {
    const short = this.#short;
    this.#short = undefined;
    return short;
  }

  /** An instance of the rule is left out. */
  leaveOut(rule: string): void {
    this.counts.leftOut += 1;
    this.counts.leftOutOf[rule] = (this.counts.leftOutOf[rule] ?? 0) + 1;
  }

  /** Room for one more instance of a rule. Where there is none, `takeShortage` tells. */
  admit(rule: NamedRule): boolean {
    const count = this.#instances.get(rule.id) ?? 0;
    if (count >= (rule.maxInstances ?? maxInstances)) {
      this.#short = rule.id;
      return false;
    }
    this.#instances.set(rule.id, count + 1);
    return true;
  }

  /** An instance is gone: its rule is, no longer selects its device, or judges something else. */
  dismiss(rule: string, last: TransitionDraft | undefined, reason: Dismissal): void {
    this.#instances.set(rule, (this.#instances.get(rule) ?? 1) - 1);
    if (last) this.#removed.push({ last, reason });
  }

  /** The rule watches the device anew: what was dismissed before ends before anything begins. */
  endBefore(rule: string, device: string, tMs: number): void {
    if (this.#removed.length === 0) return;
    const isOld = ({ last }: Dismissed): boolean =>
      last.rule === rule && last.labels["device"] === device;
    for (const each of this.#removed) if (isOld(each)) this.#end(each, tMs);
    this.#removed = this.#removed.filter((each) => !isOld(each));
  }

  /** An instance goes with its device, at gateway time `tMs`. */
  end(rule: string, last: TransitionDraft | undefined, reason: Departure, tMs: number): void {
    this.dismiss(rule, undefined, "rule_removed");
    if (last) this.outbox.put(endUnjudged(last, reason, tMs));
  }

  /** Ends, at gateway time `tMs`, what was dismissed while it fired. */
  endRemoved(tMs: number): void {
    for (const each of this.#removed) this.#end(each, tMs);
    this.#removed = [];
  }

  #end({ last, reason }: Dismissed, tMs: number): void {
    this.outbox.put(endUnjudged(last, reason, tMs));
  }
}
