/** Which devices a list shows, as its URL says. Pure. */
import type { DeviceRow, DeviceStateWord } from "../../../api/shapes/device.ts";

export interface DeviceFilter {
  /** Words, in any order; each must be in the name, the gateway, the site or the profile. */
  readonly text: string;
  readonly state: DeviceStateWord | undefined;
  readonly profile: string | undefined;
  readonly alertsOnly: boolean;
  readonly rejectedOnly: boolean;
}

/** Parts of the query that say one. */
export const filterNames = ["filter", "state", "profile", "alerts", "rejected"] as const;

/** Reads one out of the parts of a URL; what does not fit asks for nothing. */
export function filterOf(part: (name: string) => string | undefined): DeviceFilter {
  const state = part("state");
  return {
    text: part("filter") ?? "",
    state: deviceStates.find((known) => known === state),
    profile: part("profile"),
    alertsOnly: part("alerts") !== undefined,
    rejectedOnly: part("rejected") !== undefined,
  };
}

/** A test for rows; the words are taken apart once for all of them. */
export function passes(filter: DeviceFilter): (row: DeviceRow) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    if (filter.state && row.state !== filter.state) return false;
    if (filter.profile && row.profile !== filter.profile) return false;
    if (filter.alertsOnly && alertsOf(row) === 0) return false;
    if (filter.rejectedOnly && row.rejected === 0) return false;
    if (words.length === 0) return true;
    const said = `${row.device}\n${row.gateway}\n${row.site}\n${row.profile ?? ""}`.toLowerCase();
    return words.every((word) => said.includes(word));
  };
}

/** How many alerts of a device fire. */
export function alertsOf({ alerts }: DeviceRow): number {
  return alerts.critical + alerts.warning + alerts.info;
}

/** All states that a device can be in, what needs somebody first. */
export const deviceStates: readonly DeviceStateWord[] = [
  "silent",
  "bad-quality",
  "clock-suspect",
  "never",
  "ok",
];
