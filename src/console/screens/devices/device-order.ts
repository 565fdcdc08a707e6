/** Which devices need somebody first. Pure. */
import type { DeviceRow } from "../../../api/shapes/device.ts";
import { deviceStates } from "./device-filter.ts";

/** Those that need somebody first; those alike stand by name. */
export function byAttention(one: DeviceRow, other: DeviceRow): number {
  return attentionRank(one) - attentionRank(other) || byName(one, other);
}

/** `probe-2` before `probe-10`. */
export function byName(one: DeviceRow, other: DeviceRow): number {
  return names.compare(one.device, other.device);
}

const names = new Intl.Collator("en", { numeric: true });

/** Lower is sooner: alerts by severity, then states that need somebody, then all is well. */
function attentionRank({ alerts, rejected, state }: DeviceRow): number {
  if (alerts.critical > 0) return 0;
  if (alerts.warning > 0) return 1;
  if (state !== "ok") return 2 + deviceStates.indexOf(state);
  if (alerts.info > 0) return 8;
  return rejected > 0 ? 9 : 10;
}
