/**
 * The last time that each device told, by its own clock. A message that is not newer was not measured
 * now: a bridge publishes what it remembers of its devices when it starts.
 *
 * A device tells several things, each in its own time: a meter tells its power of this second together
 * with the gas of the last hour. So times are kept by what a message begins with.
 */
import type { EpochMs } from "../core/clock.ts";
import type { GatewayEvent } from "../core/event.ts";
import type { KnownDevice } from "../normalize/known-device.ts";

/** Several messages of one moment come within this. */
const momentMs = 2_000;

/** Of one device; generic profiles name metrics as their devices please. */
const mostThings = 256;

interface Told {
  timeMs: EpochMs;
  receivedMs: EpochMs;
}

export class DeviceTimes {
  /** Of each device by the first metric of its messages. */
  readonly #told = new WeakMap<KnownDevice, Map<string, Told>>();

  /** True where the event says nothing that is newer than what its device said of the same before. */
  isStale(device: KnownDevice, event: GatewayEvent): boolean {
    const { clock, receivedMs, timeMs } = event;
    if (clock !== "device") return false;
    const what = event.kind === "measurement" ? (event.data[0]?.name ?? "") : event.kind;
    let told = this.#told.get(device);
    if (told === undefined) {
      told = new Map();
      this.#told.set(device, told);
    }
    const last = told.get(what);
    if (last === undefined) {
      if (told.size < mostThings) told.set(what, { timeMs, receivedMs });
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
