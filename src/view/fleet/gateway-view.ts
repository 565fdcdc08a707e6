/**
 * One gateway and its devices, folded out of what it says: how each is in the same words as at the
 * gateway itself. Time is what its watermarks say, so nobody is silent because a line was down.
 */

import type { EpochMs } from "../../core/clock.ts";
import type { DeviceRecord } from "../../core/device.ts";
import type { Origin, StoredEvent } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import { type DeviceOutline, outlineOfRecord } from "../../gateway/device-outline.ts";
import type { DeviceEntry } from "../../gateway/registry/device-entry.ts";
import { DeviceRegistry } from "../../gateway/registry/device-registry.ts";
import type { Running } from "../../gateway/registry/device-state.ts";
import type { FleetRoom } from "./fleet-room.ts";

export class GatewayView {
  readonly origin: Origin;
  readonly registry = new DeviceRegistry();
  readonly #room: FleetRoom;
  readonly #records = new Map<DeviceId, DeviceRecord>();
  #nowMs = 0;
  #startedMs = Number.NEGATIVE_INFINITY;
  #endedMs = Number.NEGATIVE_INFINITY;
  #watermarkMs: EpochMs | undefined;

  constructor(origin: Origin, room: FleetRoom) {
    this.origin = origin;
    this.#room = room;
  }

  readonly announcer = {
    known: (): Iterable<DeviceOutline> => outlinesOf(this.#records.values()),
    knows: (device: DeviceId): boolean => this.#records.has(device),
  };

  /** What it said of a device. */
  readonly recordOf = (device: DeviceId): DeviceRecord | undefined => this.#records.get(device);

  readonly announced = (device: DeviceId): DeviceOutline | undefined => {
    const record = this.#records.get(device);
    return record && outlineOfRecord(record);
  };

  readonly outlineOf = ({ device, profile = "" }: DeviceEntry): DeviceOutline => ({
    ...{ device, profile, intervalMs: undefined, family: undefined, isConfigured: false },
  });

  /** When its processes ran, by its own watermarks. */
  readonly running = (): Running => ({
    nowMs: this.#nowMs,
    startedMs: this.#startedMs,
    endedMs: this.#endedMs,
  });

  /** Up to when it has told everything; undefined where it never said. */
  get watermarkMs(): EpochMs | undefined {
    return this.#watermarkMs;
  }

  /** Takes what it says next; gives the device whose row is another one. */
  take(event: StoredEvent): DeviceId | undefined {
    const { device, kind, receivedMs } = event;
    if (device === null) {
      if (kind === "watermark") this.#tick(event.data.t, event.data.reset === true);
      if (kind === "status" && event.data.cause === "gateway-started") {
        this.#endedMs = this.#watermarkMs ?? Number.NEGATIVE_INFINITY;
        this.#startedMs = receivedMs;
        this.registry.note(event);
      }
      return undefined;
    }
    if (this.#watermarkMs === undefined) this.#nowMs = Math.max(this.#nowMs, receivedMs);
    if (!this.#isKnown(device) && !this.#room.take()) return undefined;
    if (kind === "device") this.#records.set(device, event.data);
    this.registry.note(event);
    if (kind === "status" && event.data.cause === "device-removed") this.#removed(device);
    return device;
  }

  /** Gives back the room that it takes. */
  forget(): void {
    const devices = new Set(this.#records.keys());
    for (const { device } of this.registry.all()) devices.add(device);
    this.#room.give(devices.size);
  }

  #tick(atMs: EpochMs, isReset: boolean): void {
    this.#watermarkMs = atMs;
    this.#nowMs = isReset ? atMs : Math.max(this.#nowMs, atMs);
  }

  #removed(device: DeviceId): void {
    if (this.registry.get(device)) return;
    this.#records.delete(device);
    this.#room.give(1);
  }

  #isKnown(device: DeviceId): boolean {
    return this.#records.has(device) || this.registry.get(device) !== undefined;
  }
}

function* outlinesOf(records: Iterable<DeviceRecord>): Iterable<DeviceOutline> {
  for (const record of records) yield outlineOfRecord(record);
}
