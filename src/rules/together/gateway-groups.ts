/**
 * The rules that are about all devices of a gateway together, or of a site, as far as they are this
 * gateway's. Their line stands behind the watermark as far as the latest of the live devices, at most
 * a minute.
 */
import type { EpochMs } from "../../core/clock.ts";
import type { Origin } from "../../core/event.ts";
import { never } from "../alarms/alarm.ts";
import type { Dismissed, EngineCounts } from "../rule-desk.ts";
import { wholeOf } from "../rule-device.ts";
import type { RuleIndex } from "../rule-index.ts";
import type { NamedRule } from "../rule-set.ts";
import { AbsenceWatch } from "../watches/absence-watch.ts";
import type { Watch } from "../watches/watch.ts";
import type { Outbox } from "../words/outbox.ts";
import { endUnjudged, type TransitionDraft } from "../words/transition.ts";
import { type GroupEnd, GroupJudge } from "./group-judge.ts";
import type { SavedGroup } from "./saved-group.ts";
import type { SiteLine } from "./site-line.ts";
import { WindowGroup } from "./window-group.ts";

/** What the groups of an engine share. */
export interface GroupSurroundings {
  readonly rules: RuleIndex;
  readonly outbox: Outbox;
  readonly counts: EngineCounts;
  readonly site: SiteLine;
}

interface AbsenceGroup {
  watch: AbsenceWatch;
  deviceCount: number;
}

export class GatewayGroups {
  /** What fired by rules that are gone, to be ended at the next watermark. */
  readonly dismissed: readonly Dismissed[];
  readonly #origin: Origin;
  readonly #around: GroupSurroundings;
  readonly #windows = new Map<string, WindowGroup>();
  readonly #absences = new Map<string, AbsenceGroup>();

  constructor(origin: Origin, around: GroupSurroundings, saved: readonly SavedGroup[] = []) {
    this.#origin = origin;
    this.#around = around;
    this.dismissed = saved.flatMap((each) => this.#restore(each) ?? []);
    around.site.await(origin.gateway);
  }

  /** True where the line has to be known. */
  get isAsked(): boolean {
    return this.#around.site.isAsked || this.#windows.size + this.#absences.size > 0;
  }

  /** The panes of a rule; undefined for one without panes. */
  windowOf(rule: string): WindowGroup | undefined {
    return this.#windows.get(rule);
  }

  isAbsence(rule: string): boolean {
    return this.#absences.has(rule);
  }

  /** The metric whose samples prove life; undefined where any word does. */
  ofAbsence(rule: string): string | undefined {
    return this.#absences.get(rule)?.watch.of;
  }

  /** The rule selects a device, which was last heard at `aliveMs`. Gives its panes where it has any. */
  open(rule: NamedRule, aliveMs: EpochMs): WindowGroup | undefined {
    const { condition } = rule;
    if (condition.kind === "absent" && !this.#absences.has(rule.id)) {
      const whole = wholeOf(this.#origin, "gateway");
      const watch = new AbsenceWatch(rule, condition, whole, this.#around.outbox, aliveMs);
      this.#absences.set(rule.id, { watch, deviceCount: 0 });
    }
    if (condition.kind !== "window") return undefined;
    const group =
      this.#windows.get(rule.id) ?? new WindowGroup(rule, condition, this.#around.counts);
    this.#windows.set(rule.id, group);
    return group;
  }

  /** A device that the rule selects was one before, too. */
  count(rule: string): void {
    const group = this.#windows.get(rule) ?? this.#absences.get(rule);
    if (group) group.deviceCount += 1;
  }

  /** One more device that the rule selects. */
  enter(rule: string): void {
    this.count(rule);
    const group = this.#windows.get(rule);
    if (group?.rule.per !== "site" || group.deviceCount > 1) return;
    this.#around.site.enter(this.#origin.gateway, group.rule, group.condition);
  }

  /** One less; with the last one the alert ends, at `atMs` or where its line stands. */
  exit(rule: string, reason: GroupEnd, atMs: EpochMs = never): void {
    const group = this.#windows.get(rule);
    const absence = this.#absences.get(rule);
    if (group && --group.deviceCount === 0) {
      group.judge?.end(reason, atMs);
      this.#around.site.exit(this.#origin.gateway, rule, reason, atMs);
    }
    if (!absence || --absence.deviceCount > 0) return;
    const { alarm, last } = absence.watch;
    if (last) this.#around.outbox.put(endUnjudged(last, reason, atMs));
    const { condition } = absence.watch.rule;
    if (condition.kind !== "absent") return;
    const whole = wholeOf(this.#origin, "gateway");
    const from = Math.max(absence.watch.aliveMs, atMs);
    const { outbox } = this.#around;
    absence.watch = new AbsenceWatch(absence.watch.rule, condition, whole, outbox, from);
    absence.watch.alarm.forget(alarm.previousStartMs);
  }

  /** A word was received that keeps the rule quiet. */
  hear(rule: string, receivedMs: EpochMs): void {
    this.#absences.get(rule)?.watch.hear(receivedMs);
  }

  /** As `AbsenceWatch` has it. */
  miss(deafMs: number, beforeMs: EpochMs, tMs: EpochMs): void {
    for (const { deviceCount, watch } of this.#absences.values()) {
      if (deviceCount > 0 && beforeMs < watch.dueMs) watch.advance(beforeMs);
      watch.miss(deafMs, tMs);
    }
  }

  listenFrom(fromMs: EpochMs): void {
    for (const { watch } of this.#absences.values()) watch.listenFrom(fromMs);
  }

  /** All that was received up to watermark `tMs` was taken; the line reaches `reachMs`. */
  advance(reachMs: EpochMs, tMs: EpochMs): void {
    for (const { deviceCount, watch } of this.#absences.values())
      if (deviceCount > 0) watch.advance(tMs);
    this.#around.site.meet(this.#origin.gateway, reachMs);
    for (const group of this.#windows.values()) this.#seal(group, reachMs);
    this.#around.site.reach(this.#origin.gateway, reachMs);
  }

  /** The clock was set from `beforeMs` to `tMs`; what was known is unknown since `sinceMs`. */
  reset(tMs: EpochMs, sinceMs: EpochMs): void {
    for (const { watch } of this.#absences.values()) watch.reset(tMs);
    for (const { judge, panes } of this.#windows.values()) {
      panes.reset();
      judge?.reset(tMs, sinceMs);
    }
    this.#around.site.leap(this.#origin.gateway, tMs);
  }

  /** The gateway does not know what time it is. */
  waive(): void {
    if (this.#around.site.isAsked) this.#around.site.waive(this.#origin.gateway);
  }

  /** The last that the gateway said is that it stops, or it is not. */
  rest(isStopped: boolean): void {
    this.#around.site.rest(this.#origin.gateway, isStopped);
  }

  get watches(): Iterable<Watch> {
    return [
      ...Array.from(this.#absences.values(), ({ watch }) => watch),
      ...[...this.#windows.values()].flatMap(({ judge }) => judge?.watch ?? []),
    ];
  }

  /** Undefined where it is about none of its groups; else true where the open episode goes on. */
  goOnBehind(stored: TransitionDraft): boolean | undefined {
    const watch = this.#absences.get(stored.rule)?.watch ?? this.#windows.get(stored.rule)?.judge;
    return watch?.goOnBehind(stored);
  }

  /** Undefined for none. */
  toState(): readonly SavedGroup[] | undefined {
    const states: SavedGroup[] = [];
    for (const [rule, { watch }] of this.#absences) states.push({ rule, absence: watch.toState() });
    for (const [rule, { judge, made, panes }] of this.#windows)
      states.push({ rule, made, panes: panes.toState(), ...(judge && { judge: judge.toState() }) });
    return states.length > 0 ? states : undefined;
  }

  #seal(group: WindowGroup, reachMs: EpochMs): void {
    const { gateway } = this.#origin;
    const { outbox, site } = this.#around;
    const { condition, rule } = group;
    for (const pane of group.seal(reachMs)) {
      if (rule.per === "site") site.take(gateway, rule, condition, pane);
      else {
        const whole = wholeOf(this.#origin, "gateway");
        group.judge ??= new GroupJudge(rule, condition, whole, outbox, pane.startMs, true);
        group.judge.take(pane);
      }
    }
    group.judge?.advance(reachMs);
  }

  #restore({ absence, judge, made, panes, rule: id }: SavedGroup): Dismissed | undefined {
    const { counts, outbox, rules } = this.#around;
    const rule = rules.get(id);
    const last = absence?.last ?? judge?.judged.last;
    const whole = wholeOf(this.#origin, "gateway");
    const condition = rule?.condition;
    if (rule?.per === "gateway" && condition?.kind === "absent" && absence) {
      const watch = new AbsenceWatch(rule, condition, whole, outbox, absence);
      watch.setDevice(whole);
      this.#absences.set(id, { watch, deviceCount: 0 });
      return undefined;
    }
    const isWindow = condition?.kind === "window" && panes !== undefined;
    if (isWindow && (rule?.per === "site" || rule?.per === "gateway")) {
      const fresh = new WindowGroup(rule, condition, counts);
      const goesOn = fresh.made === made;
      const group = goesOn ? new WindowGroup(rule, condition, counts, panes) : fresh;
      if (judge && rule.per === "gateway")
        group.judge = new GroupJudge(rule, condition, whole, outbox, judge, goesOn);
      this.#windows.set(id, group);
      if (rule.per === "gateway") return undefined;
    }
    return last && { last, reason: rule ? "rule_changed" : "rule_removed" };
  }
}
