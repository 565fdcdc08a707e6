/**
 * The last time that each device told, by its own clock. A message that is not newer was not measured
 * now: a bridge publishes what it remembers of its devices when it starts.
 */
import type { EpochMs } from "../core/clock.ts";
import type { GatewayEvent } from "../core/event.ts";
import type { KnownDevice } from "../normalize/known-device.ts";

/** Several messages of one moment come within this. */
const momentMs = 2_000;

interface Told {
  timeMs: EpochMs;
  receivedMs: EpochMs;
}

export class DeviceTimes {
  readonly #told = new WeakMap<KnownDevice, Told>();

  /** True where the event says nothing that is newer than what its device said before. */
  isStale(device: KnownDevice, { clock, receivedMs, timeMs }: GatewayEvent): boolean {
    if (clock !== "device") return false;
    const last = this.#told.get(device);
    if (last === undefined) {
      this.#told.set(device, { timeMs, receivedMs });
      return false;
    }
    const isSame = timeMs === last.timeMs;
    const isStale = timeMs < last.timeMs || (isSame && receivedMs - last.receivedMs > momentMs);
    // A clock that was set back goes on from where it is.
    last.timeMs = timeMs;
    if (!isSame) last.receivedMs = receivedMs;
    return isStale;
  }
}
