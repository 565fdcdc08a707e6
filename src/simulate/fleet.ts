/** Simulated devices by the dozen. */
import type { Clock } from "../core/clock.ts";
import { bug } from "../core/errors.ts";
import { Device, type DeviceReport, type DeviceSpec } from "./device.ts";
import { parseBrokerUrl } from "./mqtt-wire.ts";

export interface FleetOptions {
  readonly devices: readonly DeviceSpec[];
  /** `mqtt://[user:password@]host:port` */
  readonly url: string;
  /** The same seed gives the same machines, readings and waits, device by device. */
  readonly seed: string;
  /** Names this start of the devices; goes into every event. */
  readonly boot: string;
  /** How many times faster than the wall clock they live. Default: 1. */
  readonly speed?: number;
  /** Events of one device that may wait for their PUBACK at once. Default: 20. */
  readonly window?: number;
  /** Events that one device keeps without a PUBACK. Default: 10,000. */
  readonly capacity?: number;
  readonly clock: Clock;
}

/** What a script may do to a device. */
export type DeviceControls = Pick<Device, "id" | "openDoor" | "closeDoor" | "setFaults" | "report">;

export interface FleetTotals {
  readonly devices: number;
  readonly connected: number;
  readonly made: number;
  readonly acked: number;
  readonly waiting: number;
  readonly resent: number;
  readonly skipped: number;
}

export interface Fleet {
  /** Connects every device and lets it measure. To be called once. */
  start(): void;
  /** Throws `internal.bug` for a device that is not in the fleet. */
  device(id: string): DeviceControls;
  totals(): FleetTotals;
  reports(): readonly DeviceReport[];
  /**
   * Lets every device drain and go. Resolves when all are gone, at the latest shortly after
   * `timeoutMs` (default: 30 s); the totals say then whether all is acknowledged.
   */
  stop(timeoutMs?: number): Promise<void>;
}

export function createFleet(options: FleetOptions): Fleet {
  const { clock, boot, seed, speed = 1, window = 20, capacity = 10_000 } = options;
  const broker = parseBrokerUrl(options.url);
  const devices = new Map<string, Device>();
  for (const spec of options.devices) {
    devices.set(spec.id, new Device(spec, { broker, boot, speed, window, capacity, clock, seed }));
  }
  const reports = (): DeviceReport[] => [...devices.values()].map((device) => device.report());
  return {
    start() {
      for (const device of devices.values()) device.start();
    },
    device(id) {
      return devices.get(id) ?? bug(`no device ${id} in the fleet`);
    },
    reports,
    totals() {
      const all = reports();
      const sum = (key: "made" | "acked" | "waiting" | "resent" | "skipped"): number =>
        all.reduce((total, report) => total + report[key], 0);
      return {
        devices: all.length,
        connected: all.filter(({ connected }) => connected).length,
        made: sum("made"),
        acked: sum("acked"),
        waiting: sum("waiting"),
        resent: sum("resent"),
        skipped: sum("skipped"),
      };
    },
    async stop(timeoutMs = 30_000) {
      await Promise.all([...devices.values()].map((device) => device.stop(timeoutMs)));
    },
  };
}
