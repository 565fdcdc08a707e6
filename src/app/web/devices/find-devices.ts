/** Which rows are asked for. */
import type { DeviceWish } from "../../../api/routes/device-routes.ts";
import type { DeviceRow } from "../../../api/shapes/device.ts";
import { matchesGlob } from "../../../core/glob.ts";

/** By key; at most so many behind the one that was given last. */
export function findDevices(rows: Iterable<DeviceRow>, wish: DeviceWish) {
  const found = [...rows].filter((row) => fits(row, wish));
  found.sort((one, other) => (one.key < other.key ? -1 : 1));
  const { after, limit } = wish;
  const behind = after === undefined ? found : found.filter(({ key }) => key > after);
  return {
    devices: behind.slice(0, limit),
    total: found.length,
    more: behind.length > limit,
  };
}

function fits(row: DeviceRow, { attention, filter, profile, state }: DeviceWish): boolean {
  if (state !== undefined && row.state !== state) return false;
  if (profile !== undefined && !isLike(row.profile ?? "", profile)) return false;
  if (attention !== undefined && needsAttention(row) !== attention) return false;
  return filter === undefined || isLike(row.device, filter) || isLike(row.profile ?? "", filter);
}

function needsAttention({ alerts, rejected, state }: DeviceRow): boolean {
  return state !== "ok" || rejected > 0 || alerts.critical + alerts.warning + alerts.info > 0;
}

/** A pattern fits the whole name, any other text a part of it; small and large letters are alike. */
function isLike(name: string, text: string): boolean {
  const [one, other] = [name.toLowerCase(), text.toLowerCase()];
  return /[*?]/.test(text) ? matchesGlob(other, one) : one.includes(other);
}
