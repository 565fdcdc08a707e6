/**
 * The events of one gateway, made up by a seed so that alerts come and go all the time, its stream,
 * and what the rules must say of it all.
 */
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { GatewayEvent, Origin, StoredEvent } from "../../src/core/event.ts";
import { type DeviceId, toDeviceId, toRunId, toSeq } from "../../src/core/ids.ts";
import type { Random } from "../../src/core/retry.ts";
import { gatewayStream } from "../../src/core/subject.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import type { TransitionDraft } from "../../src/rules/words/transition.ts";
import { origin, publishEvent } from "../support/gateway-stream.ts";
import { withShippedRules } from "../support/shipped-rules.ts";

const run = toRunId("playplay");
const devices = ["d1", "d2", "d3", "d4", "d5", "d6"].map(toDeviceId);
const startMs = Date.UTC(2026, 10, 21, 12, 0, 0);

const select = { metric: "temperature" };
/** The rules of the play, as a rule file has them; JSON is YAML. */
export const playRules = {
  version: 1,
  groups: [
    {
      name: "play",
      rules: [
        {
          alert: "Warm",
          select,
          condition: { threshold: { above: 60, deadband: 10 } },
          severity: "warning",
        },
        {
          alert: "Hot",
          select,
          condition: { threshold: { above: 70 } },
          for: "3s",
          keep_firing_for: "4s",
          severity: "critical",
        },
        {
          alert: "Silent",
          select,
          condition: { absent: { longer_than: "10s" } },
          severity: "info",
        },
      ],
    },
  ],
};

export class AlertPlay {
  /** What the gateway ever wrote, in its order. */
  readonly written: StoredEvent[] = [];
  readonly #random: Random;
  readonly #origin: Origin;
  readonly #values = new Map(devices.map((device) => [device, 50]));
  readonly #silentUntil = new Map<string, number>();
  #second = 0;

  constructor(random: Random, at: Origin = origin) {
    this.#random = random;
    this.#origin = at;
    for (const device of devices)
      this.#write({
        ...this.#frame(),
        kind: "device",
        device,
        clock: "gateway",
        data: {
          device,
          profile: "play@1",
          intervalMs: 1_000,
          tags: {},
          attrs: {},
          metrics: [{ name: "temperature" }],
        },
      });
  }

  /** Goes on for this long: a sample of each device and a watermark per second. */
  play(seconds: number): void {
    for (let i = 0; i < seconds; i += 1) this.#playSecond((device) => this.#wander(device));
  }

  /** Goes on for this long with the same value everywhere, and nobody silent. */
  playEvenly(seconds: number, value: number): void {
    this.#silentUntil.clear();
    for (const device of devices) this.#values.set(device, value);
    for (let i = 0; i < seconds; i += 1) this.#playSecond(() => value);
  }

  /** Declares that the gateway no longer has `lost`, which it wrote last. */
  declareLost(lost: readonly StoredEvent[]): void {
    const [first] = lost;
    const last = lost.at(-1);
    if (!first || !last) return;
    const { seq: from } = first.position;
    const { seq: to } = last.position;
    const range = { run, from, to, count: lost.length, class: "mixed" } as const;
    this.#write({
      ...this.#frame(),
      kind: "gap",
      device: null,
      clock: "gateway",
      data: { ranges: [{ ...range, reason: "backbone-regressed" }] },
    });
  }

  #playSecond(next: (device: DeviceId) => number | undefined): void {
    this.#second += 1;
    for (const device of devices) {
      const value = next(device);
      if (value === undefined) continue;
      const data = [{ name: "temperature", value, quality: "good" }] as const;
      this.#write({ ...this.#frame(), kind: "measurement", device, clock: "device", data });
    }
    const { receivedMs: t } = this.#frame();
    const own = { ...this.#frame(), device: null, clock: "gateway" } as const;
    this.#write({ ...own, kind: "watermark", data: { t } });
  }

  /** A value near the last one; undefined while the device is silent. */
  #wander(device: DeviceId): number | undefined {
    const value = (this.#values.get(device) ?? 0) + Math.round(this.#random() * 30 - 15);
    this.#values.set(device, Math.min(100, Math.max(0, value)));
    if (this.#random() < 0.01) this.#silentUntil.set(device, this.#second + 20);
    return this.#second < (this.#silentUntil.get(device) ?? 0) ? undefined : value;
  }

  #frame() {
    const timeMs = startMs + this.#second * 1_000;
    return { timeMs, receivedMs: timeMs };
  }

  #write(event: GatewayEvent): void {
    const position = { run, seq: toSeq(this.written.length + 1) };
    this.written.push({ ...event, origin: this.#origin, position });
  }
}

/** Appends events behind message `lastSeq` of the stream, fenced as a gateway does; gives the last one. */
export async function publishPlay(
  connection: NatsConnection,
  events: readonly StoredEvent[],
  lastSeq: number,
): Promise<number> {
  const client = jetstream(connection);
  const batch = 64;
  for (let from = 0; from < events.length; from += batch)
    await Promise.all(
      events.slice(from, from + batch).map((event, index) =>
        publishEvent(
          client,
          event,
          event.position,
          {
            timeout: 20_000,
            expect: {
              streamName: gatewayStream(event.origin.gateway),
              lastSequence: lastSeq + from + index,
            },
          },
          event.origin,
        ),
      ),
    );
  return lastSeq + events.length;
}

/** What the rules, also those that come with the program, say of events that were all read, in this order. */
export function judgePlay(events: readonly StoredEvent[]): readonly TransitionDraft[] {
  const engine = createRuleEngine(withShippedRules(playRules));
  return events.flatMap((event) => [...engine.feed(event)]);
}

export interface AlertVerdict {
  /** Transitions that must be there and are not. */
  readonly lost: number;
  readonly duplicated: number;
  /** Behind a later one of their instance. */
  readonly reordered: number;
  /** Transitions that the rules never found. */
  readonly strange: number;
  /** Some of each, in words. */
  readonly examples: readonly string[];
}

/** Compares transitions, as stored or as told, with those that must be there. */
export function compareTransitions(
  must: readonly TransitionDraft[],
  found: readonly Pick<TransitionDraft, "id" | "instance">[],
): AlertVerdict {
  const turnOf = new Map(must.map(({ id }, turn) => [id, turn]));
  const lastTurn = new Map<string, number>();
  const seen = new Set<string>();
  const faults = {
    lost: [] as string[],
    duplicated: [] as string[],
    reordered: [] as string[],
    strange: [] as string[],
  };
  for (const { id, instance } of found) {
    const turn = turnOf.get(id);
    if (turn === undefined) faults.strange.push(id);
    else if (seen.has(id)) faults.duplicated.push(id);
    else if (turn < (lastTurn.get(instance) ?? -1)) faults.reordered.push(id);
    else lastTurn.set(instance, turn);
    seen.add(id);
  }
  for (const { id } of must) if (!seen.has(id)) faults.lost.push(id);
  return {
    lost: faults.lost.length,
    duplicated: faults.duplicated.length,
    reordered: faults.reordered.length,
    strange: faults.strange.length,
    examples: Object.entries(faults).flatMap(([kind, ids]) =>
      ids.slice(0, 3).map((id) => `transition ${id} is ${kind}`),
    ),
  };
}
