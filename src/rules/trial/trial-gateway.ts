/**
 * A gateway as the hub hears it: what its devices send, and what it writes itself beside that, by the
 * times at which a real one does. What is written while its link is down arrives when that is back.
 * All times are behind the start of the test.
 */
import type { EventOf, Origin, StoredEvent } from "../../core/event.ts";
import { toDeviceId, toRunId, toSeq } from "../../core/ids.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { Absence, TrialDevice } from "./trial.ts";

const watermarkEveryMs = 1_000;
const idleEveryMs = 5_000;
/** Behind a start the watermark stands still for so long: devices may have queued something. */
const catchUpMs = 10_000;
const endless = Number.POSITIVE_INFINITY;

/** One message of a device. */
export interface Reading {
  readonly atMs: number;
  readonly device: string;
  readonly measurements: Measurement[];
}

export interface GatewayPlan {
  readonly origin: Origin;
  readonly devices: readonly TrialDevice[];
  /** In order of time. */
  readonly readings: readonly Reading[];
  readonly outages: readonly Absence[];
  /** In order of time. */
  readonly restarts: readonly Absence[];
  readonly startMs: number;
  readonly endMs: number;
}

/** An event, and when the hub has it. */
export interface Arrival {
  readonly event: StoredEvent;
  readonly arrivesMs: number;
}

export class TrialGateway {
  readonly #plan: GatewayPlan;
  readonly #profiles: ReadonlyMap<string, string>;
  #run = 0;
  #seq = 0;
  #nowMs = 0;
  /** The first reading that was not sent yet. */
  #next = 0;
  /** From when on words of devices are counted on. */
  #openMs = 0;
  #promisedMs = 0;
  #writtenMs = 0;

  constructor(plan: GatewayPlan) {
    this.#plan = plan;
    this.#profiles = new Map(plan.devices.map(({ id, profile }) => [id, versioned(profile)]));
  }

  /** All that it writes, in its order. */
  *arrivals(): Generator<Arrival, void, void> {
    const { endMs, restarts } = this.#plan;
    const downs = [...restarts];
    yield* this.#begin();
    yield this.#watermark();
    while (this.#nowMs < endMs) {
      const downMs = downs[0]?.fromMs ?? endless;
      const idleMs = this.#writtenMs + idleEveryMs;
      this.#nowMs = Math.min(
        ceilSecond(this.#nextMs),
        idleMs,
        Math.max(downMs, this.#nowMs),
        endMs,
      );
      const isNew = this.#nextMs <= this.#nowMs && this.#nextMs < downMs;
      while (this.#nextMs <= this.#nowMs && this.#nextMs < downMs) yield this.#measure();
      if (downMs <= this.#nowMs) yield* this.#restart(downs.shift());
      else if (isNew || this.#nowMs === endMs || this.#nowMs >= idleMs) yield this.#watermark();
    }
  }

  /** When the next reading is due. */
  get #nextMs(): number {
    return this.#plan.readings[this.#next]?.atMs ?? endless;
  }

  /** It is dead for a while, hears nothing of that, and begins anew if the test lasts so long. */
  *#restart(down: Absence | undefined): Generator<Arrival, void, void> {
    this.#nowMs = Math.max(this.#nowMs, down?.toMs ?? 0);
    while (this.#nextMs < this.#nowMs) this.#next += 1;
    if (this.#nowMs > this.#plan.endMs) return;
    this.#run += 1;
    this.#openMs = this.#nowMs + catchUpMs;
    yield* this.#begin();
    yield this.#watermark();
  }

  *#begin(): Generator<Arrival, void, void> {
    const frame = { ...this.#frame(this.#nowMs, "gateway"), device: null };
    const data = { state: "unknown", cause: "gateway-started" } as const;
    yield this.#arrive({ ...frame, kind: "status", data });
    for (const described of this.#plan.devices) yield this.#describe(described);
  }

  #describe({ attrs, id, intervalMs, metrics = [], profile, tags }: TrialDevice): Arrival {
    const device = toDeviceId(id);
    const data: EventOf<"device">["data"] = {
      ...{ device, profile: versioned(profile), tags, attrs },
      ...(intervalMs !== undefined && { intervalMs }),
      metrics: metrics.map((name) => ({ name })),
    };
    return this.#arrive({ ...this.#frame(this.#nowMs, "gateway"), kind: "device", device, data });
  }

  #measure(): Arrival {
    const reading = this.#plan.readings[this.#next];
    this.#next += 1;
    const { atMs = 0, device = "", measurements: data = [] } = reading ?? {};
    const profile = this.#profiles.get(device) ?? "";
    const frame = { ...this.#frame(atMs, "device"), device: toDeviceId(device), profile };
    return this.#arrive({ ...frame, kind: "measurement", data });
  }

  #watermark(): Arrival {
    this.#writtenMs = this.#nowMs;
    if (this.#nowMs >= this.#openMs) this.#promisedMs = this.#nowMs;
    const heardMs = Math.max(0, this.#nowMs - this.#openMs);
    const frame = { ...this.#frame(this.#nowMs, "gateway"), device: null };
    const data = { t: this.#plan.startMs + this.#promisedMs, heardMs };
    return this.#arrive({ ...frame, kind: "watermark", data });
  }

  #frame<Clock extends "device" | "gateway">(atMs: number, clock: Clock) {
    const { origin, startMs } = this.#plan;
    this.#seq += 1;
    const run = toRunId(`test${String(this.#run).padStart(4, "0")}`);
    const position = { run, seq: toSeq(this.#seq) };
    return { timeMs: startMs + atMs, receivedMs: startMs + atMs, clock, origin, position };
  }

  #arrive(event: StoredEvent): Arrival {
    let arrivesMs = this.#nowMs;
    for (const { fromMs, toMs } of this.#plan.outages)
      if (arrivesMs >= fromMs && arrivesMs < toMs) arrivesMs = toMs;
    return { event, arrivesMs };
  }
}

function ceilSecond(ms: number): number {
  return Math.ceil(ms / watermarkEveryMs) * watermarkEveryMs;
}

function versioned(profile: string): string {
  return profile.includes("@") ? profile : `${profile}@1`;
}
