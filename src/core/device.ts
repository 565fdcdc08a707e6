import type { DeviceId } from "./ids.ts";
import type { Unit } from "./unit.ts";

/**
 * What a gateway says about one device, as the `device` event carries it. Hub roles learn of
 * devices only from these events, so a device that never spoke is known too.
 */
export interface DeviceRecord {
  readonly device: DeviceId;
  /** Profile with its version: `acme/fz-200@3`. */
  readonly profile: string;
  /** How often the device is expected to report; absent when the profile does not say. */
  readonly intervalMs?: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly attrs: Readonly<Record<string, number | boolean | string>>;
  readonly metrics: readonly { readonly name: string; readonly unit?: Unit }[];
}

/** `acme/fz-200` of `acme/fz-200@3`: what `select.profile` of a rule matches. */
export function profileName(profile: string): string {
  const at = profile.lastIndexOf("@");
  return at < 0 ? profile : profile.slice(0, at);
}

/** How forgetting a device went: a configured one stays, and nobody may be called so. */
export type ForgetOutcome = "forgotten" | "configured" | "no-name" | "no-device";
