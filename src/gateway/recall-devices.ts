import type { DeviceId } from "../core/ids.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { Announcer } from "./announcer.ts";
import type { ProfilePage } from "./gateway-book.ts";

/** Devices that an earlier process met are known again, where their profiles still are. */
export function recallDevices(
  pages: readonly ProfilePage[],
  announcer: Pick<Announcer, "recall">,
  find: (device: DeviceId, profile: string) => KnownDevice | undefined,
): void {
  for (const { devices, mark, naming, profile } of pages)
    for (const id of devices) {
      const device = find(id, profile);
      if (device) announcer.recall(device, mark, naming);
    }
}
