/** Where each device was heard last: on which source, and from which client of it. */
import { BoundedMap } from "../core/bounded-map.ts";
import type { DeviceId } from "../core/ids.ts";
import type { RawMessage } from "../core/message.ts";

const mostDevices = 65_536;

interface Heard {
  source: string;
  client: string | undefined;
}

export class HeardOn {
  readonly #heard = new BoundedMap<DeviceId, Heard>(mostDevices);

  /** A message of the device. Called for each, so nothing is made where nothing has changed. */
  note(device: DeviceId, { client, source }: RawMessage): void {
    const heard = this.#heard.get(device);
    if (heard === undefined) this.#heard.set(device, { source, client });
    else if (heard.source !== source || heard.client !== client) {
      heard.source = source;
      heard.client = client;
    }
  }

  sourceOf(device: DeviceId): string | undefined {
    return this.#heard.get(device)?.source;
  }

  clientOf(device: DeviceId): string | undefined {
    return this.#heard.get(device)?.client;
  }
}
