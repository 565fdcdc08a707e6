/**
 * The rule engine: events in, transitions out. Pure: no clock, no files, no network; the same
 * events give the same ids, wherever it was stopped and restored in between.
 *
 * Gateways do not touch each other, so it does not matter how their streams are interleaved.
 */
import type { EpochMs } from "../core/clock.ts";
import type { DerivedValue } from "../core/derived-value.ts";
import type { Origin, StoredEvent } from "../core/event.ts";
import { type GatewayId, toGatewayId, toSiteId } from "../core/ids.ts";
import { never } from "./alarm.ts";
import { DepartedNames } from "./departed-names.ts";
import { type DeviceTrouble, devicesInTroubleOf } from "./device-trouble.ts";
import { EdgeAlerts } from "./edge-alerts.ts";
import {
  type EngineMemory,
  type EngineSnapshot,
  type GatewayHead,
  type MemoryPart,
  makeHead,
} from "./engine-snapshot.ts";
import { explainAlert, instancesOf, type RuleTally, tallyOf } from "./explain.ts";
import { type FailingRule, failingRulesOf } from "./failing-rules.ts";
import { GatewayLine } from "./gateway-line.ts";
import { GatewayRecords } from "./gateway-records.ts";
import type { InstanceView, UnwatchedView } from "./instance-view.ts";
import { Outbox } from "./outbox.ts";
import { RecordDesk } from "./record-desk.ts";
import type { GatewaySighting } from "./reserved/gateway-offline.ts";
import { offlineRuleId, type ReservedRules, shippedRules } from "./reserved/reserved-rules.ts";
import { type EngineCounts, noCounts, RuleDesk } from "./rule-desk.ts";
import { RuleIndex } from "./rule-index.ts";
import type { RuleSet } from "./rule-set.ts";
import type { TransitionDraft } from "./transition.ts";

/** Evaluates the rules for the gateways of one partition. */
export interface RuleEngine {
  /**
   * Takes the next event of a gateway's stream, in the order of that stream, each once. Gives the
   * transitions it brought about; the list is to be used before the next call.
   */
  feed(event: StoredEvent): readonly TransitionDraft[];
  /**
   * Events of a gateway are gone unread, up to the one that was received at `atMs` and is fed next.
   * What fires goes on; every condition is unknown until its next sample, silence counts anew.
   */
  forget(gateway: GatewayId, atMs: EpochMs): void;
  /**
   * The transitions that came about when a snapshot was taken up under rules that were edited since.
   * Who does not ask is given them with the next event.
   */
  found(): readonly TransitionDraft[];
  /**
   * Tells what the hub sees of a gateway's stream, by its own clock and the server's. Nothing that is
   * in the stream may be left to feed. Gives the transitions of the rule that watches gateways.
   */
  see(sighting: GatewaySighting): readonly TransitionDraft[];
  /** A gateway is gone for good: its alerts end, and what is known of it is forgotten. */
  remove(gateway: GatewayId): readonly TransitionDraft[];
  /** The last transitions of all episodes that are open. */
  open(): Iterable<TransitionDraft>;
  /**
   * `stored` is the last stored transition of its alert, and what led to it can never be read: the
   * rules go on behind it. An episode that they hold open goes on where it is that one; else it is
   * forgotten. Gives the end of the stored one where that fires and does not go on.
   */
  goOnBehind(stored: TransitionDraft): TransitionDraft | undefined;
  /** The whole state; may be taken between any two events. Shares nothing that changes later. */
  snapshot(): EngineSnapshot;
  /**
   * The same in parts, each made when it is asked for, so that a large memory can be written down
   * without holding anything else up. Nothing may be fed before the last part was made.
   */
  memory(): EngineMemory;
  /** What rules with `record` told of since this was asked last; to be stored in this order. */
  derived(): readonly DerivedValue[];
  /**
   * One alert of one device, `FreezerWarm` or `cold_chain/FreezerWarm`, at each gateway that has such
   * a device: how it is and why, or why the rule does not watch it.
   */
  explain(alert: string, device: string): readonly (InstanceView | UnwatchedView)[];
  /** How many instances each rule has, and how they are; for people. */
  tally(): readonly RuleTally[];
  /** Every instance, for people. */
  instances(): Iterable<InstanceView>;
  /** Devices whose samples were passed over or whose clock was set back; the 50 worst, for people. */
  devicesInTrouble(): readonly (Origin & DeviceTrouble)[];
  /** Rules whose expressions fail with what devices sent, for people. */
  failingRules(): readonly FailingRule[];
  /** The last watermark of a gateway; undefined before its first. */
  watermarkMs(gateway: GatewayId): number | undefined;
  readonly counts: Readonly<EngineCounts>;
}

/**
 * Creates an engine, or takes up a snapshot. Under other rules than the snapshot's, what fires goes
 * on and is judged by the new ones; what fires by a rule that is gone ends at the next watermark of
 * its gateway.
 */
export function createRuleEngine(
  rules: RuleSet,
  snapshot?: EngineSnapshot,
  reserved: ReservedRules = shippedRules,
): RuleEngine {
  const opening = openRuleEngine(rules, snapshot, reserved);
  for (;;) {
    const step = opening.next();
    if (step.done) return step.value;
  }
}

/** The same in steps, one for each device of the snapshot: other things may be done in between. */
export function* openRuleEngine(
  rules: RuleSet,
  snapshot?: EngineSnapshot,
  reserved: ReservedRules = shippedRules,
): Generator<void, RuleEngine> {
  const hasExpressions = rules.rules.some(({ condition }) => condition.kind === "expr");
  const outbox = new Outbox();
  const index = new RuleIndex(rules);
  const recordDesk = new RecordDesk(rules.records);
  const counts = noCounts();
  const gateways = new Map<GatewayId, GatewayLine>();
  const departed = new DepartedNames<GatewayId>(snapshot?.departed);
  const edge = new EdgeAlerts(snapshot?.edge);

  function open(saved: GatewayHead): GatewayLine {
    const removed = saved.removed.map((each) =>
      "last" in each ? each : ({ last: each, reason: "rule_removed" } as const),
    );
    for (const draft of saved.found ?? []) outbox.put(draft);
    const records = new GatewayRecords(saved, recordDesk, saved.records);
    const desk = new RuleDesk(index, outbox, counts, records, removed);
    const line = new GatewayLine(saved, desk, reserved);
    gateways.set(saved.gateway, line);
    return line;
  }

  function lineOf({ site, gateway }: Origin): GatewayLine {
    const known = gateways.get(gateway);
    if (known) return known;
    const others = departed.comeBack(gateway);
    const isBack = others !== never;
    return open({
      site,
      gateway,
      removed: [],
      ...(isBack && { departed: { names: [], others }, offlineBefore: others }),
    });
  }

  for (const saved of snapshot?.gateways ?? [])
    yield* open(saved).restore(saved.devices, snapshot?.rules !== rules.rev);

  return {
    counts,
    feed(event) {
      const line = lineOf(event.origin);
      line.meet(event);
      switch (event.kind) {
        case "measurement":
          line.take(event);
          break;
        case "watermark":
          line.pass(event);
          break;
        case "device":
          line.learn(event);
          break;
        case "gap":
          for (const { count } of event.data.ranges) counts.declaredLost += count;
          break;
        case "status":
          if (event.data.cause === "device-removed") {
            if (event.device !== null) line.remove(event.device, event.receivedMs);
          } else if (event.data.state !== "offline" && event.data.cause !== "will")
            line.hear(event);
          else if (event.data.cause === "will" || event.data.cause === "reported")
            line.depart(event);
          break;
        case "rejection":
          line.hear(event);
          break;
        case "alert-transition":
          if (rules.passesOn && !edge.take(event.data, event.origin, outbox)) counts.leftOut += 1;
          break;
        case "reply":
          break;
      }
      return outbox.take();
    },
    forget: (gateway, atMs) => gateways.get(gateway)?.forget(atMs),
    found: () => outbox.take(),
    see(sighting) {
      lineOf(sighting).see(sighting);
      return outbox.take();
    },
    remove(gateway) {
      const line = gateways.get(gateway);
      if (line) departed.leave(gateway, line.startedBeforeMs);
      line?.leave();
      edge.leave(gateway, line?.watermarkMs ?? never, outbox);
      gateways.delete(gateway);
      return outbox.take();
    },
    *open() {
      for (const line of gateways.values()) yield* line.open();
      yield* edge.open();
    },
    goOnBehind(stored) {
      const site = toSiteId(stored.labels["site"] ?? "");
      const gateway = toGatewayId(stored.labels["gateway"] ?? "");
      if (rules.passesOn && stored.evaluated === "edge") {
        edge.goOnBehind(gateway, stored);
        return undefined;
      }
      const isOfGateway = stored.rule === offlineRuleId || stored.evaluated === "edge";
      const line = isOfGateway ? lineOf({ site, gateway }) : gateways.get(gateway);
      return line?.goOnBehind(stored);
    },
    derived: () => recordDesk.take(),
    snapshot: () =>
      makeHead(
        rules.rev,
        Array.from(gateways.values(), (line) => line.toSnapshot()),
        departed.toState(),
        edge.toState(),
      ),
    memory: () => ({
      head: makeHead(
        rules.rev,
        Array.from(gateways.values(), (line) => line.toHead()),
        departed.toState(),
        edge.toState(),
      ),
      parts: partsOf(gateways.values()),
    }),
    explain: (alert, device) => explainAlert(gateways.values(), rules, alert, device),
    tally: () => tallyOf(gateways.values()),
    instances: () => instancesOf(gateways.values()),
    devicesInTrouble: () => devicesInTroubleOf(gateways.values()),
    failingRules: () => (hasExpressions ? failingRulesOf(gateways.values()) : []),
    watermarkMs: (gateway) => gateways.get(gateway)?.watermarkMs,
  };
}

function* partsOf(gateways: Iterable<GatewayLine>): Iterable<MemoryPart> {
  for (const line of gateways) yield* line.parts();
}
