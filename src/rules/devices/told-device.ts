/** What is known of a device itself: what its gateway says about it, or else what its own events say. */
import { type DeviceRecord, profileName } from "../../core/device.ts";
import type { Origin } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { DeviceSnapshot } from "../engine-snapshot.ts";
import { deviceOfRecord, type RuleDevice, untoldDevice } from "../rule-device.ts";

export class ToldDevice {
  readonly #origin: Origin;
  readonly #id: DeviceId;
  readonly #sent: Set<string>;
  #record: DeviceRecord | undefined;
  #profile: string;

  constructor(origin: Origin, saved: DeviceSnapshot) {
    this.#origin = origin;
    this.#id = saved.device;
    this.#sent = new Set(saved.sent);
    this.#record = saved.record;
    this.#profile = saved.profile ?? "";
  }

  /** True for the record of a device of another kind than the one that was told of. */
  isAnother({ profile }: DeviceRecord): boolean {
    return this.#record !== undefined && profileName(this.#record.profile) !== profileName(profile);
  }

  /** Notes the device's record; true when it says something new. */
  learn(record: DeviceRecord): boolean {
    if (this.#record && JSON.stringify(this.#record) === JSON.stringify(record)) return false;
    this.#record = record;
    return true;
  }

  /** An event names its profile; true when that is news. */
  meet(profile: string | undefined): boolean {
    if (this.#record || profile === undefined || profile === this.#profile) return false;
    this.#profile = profile;
    return true;
  }

  /** It sends a metric, whatever its record says. */
  sends(metric: string): void {
    this.#sent.add(metric);
  }

  describe(): RuleDevice {
    return this.#record
      ? deviceOfRecord(this.#origin, this.#record, this.#sent)
      : untoldDevice(this.#origin, this.#id, this.#profile, this.#sent);
  }

  toSnapshot(): Pick<DeviceSnapshot, "record" | "profile" | "sent"> {
    return {
      ...(this.#record && { record: this.#record }),
      ...(this.#profile !== "" && { profile: this.#profile }),
      sent: [...this.#sent],
    };
  }
}
