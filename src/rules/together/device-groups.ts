/** What one device gives to the rules that are about many devices together. */
import type { EpochMs } from "../../core/clock.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { SampleTap } from "../devices/sample-tap.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { NamedRule } from "../rule-set.ts";
import type { GatewayGroups } from "./gateway-groups.ts";
import { GroupMember, type MemberState } from "./group-member.ts";

const none: readonly SampleTap[] = [];

export class DeviceGroups {
  readonly #shared: GatewayGroups;
  readonly #members = new Map<string, GroupMember>();
  /** The rules that any word of it, or one with a metric, keeps quiet. */
  readonly #heardBy = new Map<string, string | undefined>();

  constructor(shared: GatewayGroups, saved: readonly MemberState[] = []) {
    this.#shared = shared;
    for (const state of saved) {
      const group = shared.windowOf(state.rule);
      if (group) this.#members.set(state.rule, new GroupMember(group, undefined, state));
      else if (shared.isAbsence(state.rule))
        this.#heardBy.set(state.rule, shared.ofAbsence(state.rule));
    }
    for (const rule of this.#members.keys()) shared.count(rule);
    for (const rule of this.#heardBy.keys()) shared.count(rule);
  }

  /** How often its profile says that the device reports. */
  declare(intervalMs: number | undefined): void {
    for (const member of this.#members.values()) member.declare(intervalMs);
  }

  /** These rules, all about many devices together, select the device from now on. */
  resolve(rules: readonly NamedRule[], device: RuleDevice, aliveMs: EpochMs): void {
    for (const [id, member] of this.#members)
      if (rules.some((rule) => rule.id === id)) member.declare(device.intervalMs);
      else {
        member.leave(member.untilMs);
        this.#members.delete(id);
        this.#shared.exit(id, "rule_removed");
      }
    for (const id of this.#heardBy.keys())
      if (!rules.some((rule) => rule.id === id)) {
        this.#heardBy.delete(id);
        this.#shared.exit(id, "rule_removed");
      }
    for (const rule of rules) {
      if (this.#members.has(rule.id) || this.#heardBy.has(rule.id)) continue;
      const group = this.#shared.open(rule, aliveMs);
      if (group) this.#members.set(rule.id, new GroupMember(group, device.intervalMs));
      else this.#heardBy.set(rule.id, this.#shared.ofAbsence(rule.id));
      this.#shared.enter(rule.id);
    }
  }

  /** Where samples of the metric go. */
  tapsOf(metric: string): readonly SampleTap[] {
    if (this.#members.size === 0) return none;
    return [...this.#members.values()].filter((member) => member.metric === metric);
  }

  /** Some rule is kept quiet by its words. */
  get areHeard(): boolean {
    return this.#heardBy.size > 0;
  }

  /** A word of the device was received, with these values. */
  hear(receivedMs: EpochMs, data: readonly Measurement[]): void {
    for (const [rule, of] of this.#heardBy)
      if (of === undefined || data.some(({ name }) => name === of))
        this.#shared.hear(rule, receivedMs);
  }

  /** The device is gone since `atMs` of its line; it is back with its next sample. */
  leave(atMs: EpochMs): void {
    for (const member of this.#members.values()) member.leave(atMs);
  }

  /** The device's line is moved by `byMs`. */
  leap(byMs: number): void {
    for (const member of this.#members.values()) member.leap(byMs);
  }

  /** The clock of the gateway was set: its groups begin anew, too. */
  reset(): void {
    for (const member of this.#members.values()) member.reset();
  }

  /** The device is removed at gateway time `atMs`, or its gateway is. */
  finish(atMs: EpochMs, reason: "device_removed" | "gateway_removed"): void {
    this.leave(atMs);
    for (const rule of [...this.#members.keys(), ...this.#heardBy.keys()])
      this.#shared.exit(rule, reason, atMs);
    this.#members.clear();
    this.#heardBy.clear();
  }

  toState(): readonly MemberState[] {
    return [
      ...Array.from(this.#members, ([rule, member]) => ({ rule, ...member.toState() })),
      ...Array.from(this.#heardBy.keys(), (rule) => ({ rule })),
    ];
  }
}
