/**
 * The one name of a device among all sites: `<site>.<gateway>.<device>`, each part as the token that it
 * is in subjects, so no dot and no slash is inside a part.
 */
import type { Origin } from "./event.ts";
import { type DeviceId, toDeviceId, toGatewayId, toSiteId } from "./ids.ts";
import { deviceToken } from "./subject.ts";
import { escapeToken, unescapeToken } from "./token.ts";

/** A device and whose it is. */
export interface DevicePlace {
  readonly origin: Origin;
  readonly device: DeviceId;
}

export function deviceKey({ gateway, site }: Origin, device: DeviceId): string {
  return `${escapeToken(site)}.${escapeToken(gateway)}.${deviceToken(device)}`;
}

/** Undefined for what is no key; a stranger may have written it. */
export function parseDeviceKey(key: string): DevicePlace | undefined {
  const [site, gateway, device, ...rest] = key.split(".").map(unescapeToken);
  if (site === undefined || gateway === undefined || device === undefined) return undefined;
  if (rest.length > 0) return undefined;
  const origin = { site: toSiteId(site), gateway: toGatewayId(gateway) };
  return { origin, device: toDeviceId(device) };
}
