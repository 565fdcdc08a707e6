/** Which devices are other than before, for those who look; nothing is kept while nobody does. */
import type { DeviceId } from "../../core/ids.ts";

export class DeviceChanges {
  readonly #listeners = new Set<(device: DeviceId) => void>();

  /** Called with every event: one look at a number while nobody listens. */
  note(device: DeviceId | null): void {
    if (device === null || this.#listeners.size === 0) return;
    for (const listener of this.#listeners) listener(device);
  }

  /** Calls `listener` at each change, in the middle of what the gateway does. Gives its end. */
  listen(listener: (device: DeviceId) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
