/**
 * The rule engine: events in, transitions out. Pure: no clock, no files, no network; the same
 * events give the same ids, wherever it was stopped and restored in between.
 *
 * Gateways do not touch each other, and what is about a site waits for all of them, so it does not
 * matter how their streams are interleaved.
 */
import type { Origin } from "../core/event.ts";
import { type GatewayId, toGatewayId, toSiteId } from "../core/ids.ts";
import { never } from "./alarms/alarm.ts";
import { explainAlert, instancesOf, tallyOf, type Watched } from "./answers/explain.ts";
import { failingRulesOf } from "./answers/failing-rules.ts";
import { DepartedNames } from "./devices/departed-names.ts";
import { devicesInTroubleOf } from "./devices/device-trouble.ts";
import { GatewayLine } from "./devices/gateway-line.ts";
import { EdgeAlerts } from "./edge-alerts.ts";
import {
  type EngineSnapshot,
  type GatewayHead,
  type MemoryPart,
  makeHead,
} from "./engine-snapshot.ts";
import { offlineRuleId, type ReservedRules, shippedRules } from "./reserved/reserved-rules.ts";
import { noCounts, RuleDesk } from "./rule-desk.ts";
import type { RuleEngine } from "./rule-engine.ts";
import { RuleIndex } from "./rule-index.ts";
import type { RuleSet } from "./rule-set.ts";
import { GatewayRecords } from "./series/gateway-records.ts";
import { RecordDesk } from "./series/record-desk.ts";
import { GatewayGroups } from "./together/gateway-groups.ts";
import { SiteLines } from "./together/site-lines.ts";
import { Outbox } from "./words/outbox.ts";

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
  const sites = new SiteLines(index, outbox, counts, snapshot?.sites);

  const watched = (): Watched => ({
    gateways: [...gateways.values()],
    sites: [...sites.all],
  });

  function open(saved: GatewayHead): GatewayLine {
    const removed = saved.removed.map((each) =>
      "last" in each ? each : ({ last: each, reason: "rule_removed" } as const),
    );
    for (const draft of saved.found ?? []) outbox.put(draft);
    const records = new GatewayRecords(saved, recordDesk, saved.records);
    const around = { rules: index, outbox, counts, site: sites.of(saved.site) };
    const groups = new GatewayGroups(saved, around, saved.groups);
    const desk = new RuleDesk(index, outbox, counts, records, groups, removed);
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
          for (const _ of line.pass(event));
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
    *pass(event) {
      const line = lineOf(event.origin);
      line.meet(event);
      yield* line.pass(event);
      return outbox.take();
    },
    forget: (gateway, atMs) => gateways.get(gateway)?.forget(atMs),
    found: () => outbox.take(),
    expect(origins) {
      sites.expect(origins);
      return outbox.take();
    },
    isAhead(gateway) {
      const site = gateways.get(gateway)?.origin.site;
      return site !== undefined && sites.of(site).isAhead(gateway);
    },
    see(sighting) {
      lineOf(sighting).see(sighting);
      if (index.isAboutSites) sites.of(sighting.site).see(sighting.gateway, sighting.quietMs);
      return outbox.take();
    },
    remove(gateway) {
      const line = gateways.get(gateway);
      if (line) departed.leave(gateway, line.startedBeforeMs);
      line?.leave();
      if (line) sites.remove(line.origin.site, gateway);
      edge.leave(gateway, line?.watermarkMs ?? never, outbox);
      gateways.delete(gateway);
      return outbox.take();
    },
    *open() {
      for (const line of gateways.values()) yield* line.open();
      yield* sites.open();
      yield* edge.open();
    },
    goOnBehind(stored) {
      const site = toSiteId(stored.labels["site"] ?? "");
      const gateway = toGatewayId(stored.labels["gateway"] ?? "");
      if (rules.passesOn && stored.evaluated === "edge") {
        edge.goOnBehind(gateway, stored);
        return undefined;
      }
      if (gateway === "") return sites.of(site).goOnBehind(stored);
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
        sites.toState(),
      ),
    memory: () => ({
      head: makeHead(
        rules.rev,
        Array.from(gateways.values(), (line) => line.toHead()),
        departed.toState(),
        edge.toState(),
        sites.toState(),
      ),
      parts: partsOf(gateways.values()),
    }),
    explain: (alert, device) => explainAlert(watched(), rules, alert, device),
    tally: () => tallyOf(watched()),
    instances: () => instancesOf(watched()),
    devicesInTrouble: () => devicesInTroubleOf(gateways.values()),
    failingRules: () => (hasExpressions ? failingRulesOf(gateways.values()) : []),
    watermarkMs: (gateway) => gateways.get(gateway)?.watermarkMs,
  };
}

function* partsOf(gateways: Iterable<GatewayLine>): Iterable<MemoryPart> {
  for (const line of gateways) yield* line.parts();
}
