/** What the rules of one partition can be told and asked. `engine.ts` makes it. */
import type { EpochMs } from "../core/clock.ts";
import type { DerivedValue } from "../core/derived-value.ts";
import type { EventOf, Origin, StoredEvent } from "../core/event.ts";
import type { GatewayId } from "../core/ids.ts";
import type { RuleTally } from "./answers/explain.ts";
import type { FailingRule } from "./answers/failing-rules.ts";
import type { InstanceView, UnwatchedView } from "./answers/instance-view.ts";
import type { DeviceTrouble } from "./devices/device-trouble.ts";
import type { EngineMemory, EngineSnapshot } from "./engine-snapshot.ts";
import type { GatewaySighting } from "./reserved/gateway-offline.ts";
import type { EngineCounts } from "./rule-desk.ts";
import type { TransitionDraft } from "./words/transition.ts";

/** Evaluates the rules for the gateways of one partition. */
export interface RuleEngine {
  /**
   * Takes the next event of a gateway's stream, in the order of that stream, each once. Gives the
   * transitions it brought about; the list is to be used before the next call.
   */
  feed(event: StoredEvent): readonly TransitionDraft[];
  /**
   * The same for a watermark, in steps: it is about every device of its gateway. In between the rules
   * may be looked at, and nothing else.
   */
  pass(event: StoredEvent & EventOf<"watermark">): Generator<void, readonly TransitionDraft[]>;
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
  /**
   * These gateways have streams, and no others: what is about a site waits for those of it that said
   * nothing yet. To be told before any of them is fed.
   */
  expect(gateways: Iterable<Origin>): readonly TransitionDraft[];
  /** True where others of its site should be read first: too much of it waits for them. */
  isAhead(gateway: GatewayId): boolean;
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
   * a device: how it is and why, or why the rule does not watch it. In place of a device the gateway or
   * the site that an alert is about.
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
