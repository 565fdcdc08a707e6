import type { Origin } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { GatewayLine } from "./gateway-line.ts";
import type { WaitingSamples } from "./waiting-samples.ts";

const maxInTrouble = 50;

/** What the rules met of one device that somebody should look at. */
export interface DeviceTrouble {
  readonly device: DeviceId;
  /** Samples that were not judged, since newer ones had been. */
  readonly passedOver: number;
  /** `suspect` while its own time is behind what was judged, and the time of receipt is taken. */
  readonly clock: "trusted" | "suspect";
  /** How often its clock was set back. */
  readonly setBack: number;
}

/** Undefined where all is well. */
export function troubleOf(
  device: DeviceId,
  { clock, passedOver }: WaitingSamples,
): DeviceTrouble | undefined {
  const { isSuspect, setBackCount } = clock;
  if (passedOver === 0 && setBackCount === 0) return undefined;
  return { device, passedOver, clock: isSuspect ? "suspect" : "trusted", setBack: setBackCount };
}

/** The worst first, so many at most as people look at. */
export function devicesInTroubleOf(
  gateways: Iterable<GatewayLine>,
): readonly (Origin & DeviceTrouble)[] {
  const found: (Origin & DeviceTrouble)[] = [];
  for (const gateway of gateways)
    for (const { trouble } of gateway.devices)
      if (trouble) found.push({ ...gateway.origin, ...trouble });
  return found.sort((a, b) => b.passedOver - a.passedOver).slice(0, maxInTrouble);
}
