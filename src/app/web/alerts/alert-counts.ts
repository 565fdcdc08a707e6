/**
 * How many alerts fire: in all, and of each device. Counted anew only when one of them changed, and for no
 * more than a part of the time, however many there are.
 */
import type { AlertView } from "../../../alerts/alert-view.ts";
import type { DisplayState } from "../../../alerts/display-state.ts";
import type { Severity } from "../../../core/alert.ts";
import type { Clock } from "../../../core/clock.ts";
import { type AlertCounts, noAlerts } from "../devices/gateway-device-rows.ts";

/** Those that fire, by gateway and device. */
export type AlertsOfDevices = ReadonlyMap<string, ReadonlyMap<string, AlertCounts>>;

export interface CountedAlerts {
  /** Those that fire, and that nobody has set aside and nothing explains. */
  readonly firing: AlertCounts;
  readonly unacknowledged: number;
  readonly ofDevices: AlertsOfDevices;
}

const hidden: ReadonlySet<DisplayState> = new Set<DisplayState>([
  "suppressed",
  "shelved",
  "out-of-service",
]);
const unseen: ReadonlySet<DisplayState> = new Set<DisplayState>([
  "unacknowledged",
  "returned-unacknowledged",
]);

const restPerCount = 20;

export class AlertTally {
  readonly #views: () => Iterable<AlertView>;
  readonly #clock: Pick<Clock, "monotonicMs">;
  #counted: CountedAlerts | undefined;
  #isOld = false;
  #restsUntilMs = 0;

  constructor(views: () => Iterable<AlertView>, clock: Pick<Clock, "monotonicMs">) {
    this.#views = views;
    this.#clock = clock;
  }

  /** Some of them changed. */
  forget(): void {
    this.#isOld = true;
  }

  get now(): CountedAlerts {
    const beganMs = this.#clock.monotonicMs();
    if (this.#counted && (!this.#isOld || beganMs < this.#restsUntilMs)) return this.#counted;
    this.#isOld = false;
    this.#counted = countAlerts(this.#views());
    const endedMs = this.#clock.monotonicMs();
    this.#restsUntilMs = endedMs + restPerCount * (endedMs - beganMs);
    return this.#counted;
  }
}

function countAlerts(views: Iterable<AlertView>): CountedAlerts {
  const firing = { ...noAlerts };
  const ofDevices = new Map<string, Map<string, Record<Severity, number>>>();
  let unacknowledged = 0;
  for (const { isFiring, last, state } of views) {
    if (!last) continue;
    if (unseen.has(state)) unacknowledged += 1;
    if (!isFiring) continue;
    const { labels, severity } = last;
    if (!hidden.has(state)) firing[severity] += 1;
    const { device, gateway } = labels;
    if (device === undefined || gateway === undefined) continue;
    const ofGateway = ofDevices.get(gateway) ?? new Map<string, Record<Severity, number>>();
    const ofDevice = ofGateway.get(device) ?? { ...noAlerts };
    ofDevice[severity] += 1;
    ofDevices.set(gateway, ofGateway.set(device, ofDevice));
  }
  return { firing, unacknowledged, ofDevices };
}
