/** Devices that say something again and again, and how long each waits until it is on disk. */
import { systemClock } from "../../src/app/system-clock.ts";
import { MqttDevice } from "../support/mqtt-device.ts";

const everyMs = 200;

export interface GoodFigures {
  readonly acked: number;
  readonly p99Ms: number;
  /** Devices whose connection is gone. */
  readonly lost: number;
}

export interface GoodDevices {
  /** Since they are there. */
  readonly acked: number;
  /** Counts from here on. */
  begin(): void;
  figures(): GoodFigures;
  close(): void;
}

export async function openGoodDevices(port: number, count: number): Promise<GoodDevices> {
  const devices: MqttDevice[] = [];
  for (let n = 0; n < count; n += 1) {
    const device = new MqttDevice(port, `127.0.0.${2 + (n % 20)}`);
    await device.open({ clientId: `good-${n}` });
    devices.push(device);
  }
  let tookMs: number[] = [];
  let acked = 0;
  let lost = 0;
  let isClosing = false;
  for (const device of devices) void device.closed.then(() => (lost += isClosing ? 0 : 1));
  const say = (device: MqttDevice, n: number): void => {
    const startedMs = systemClock.monotonicMs();
    void device.publish(`tele/good-${n}/SENSOR`, '{"DS18B20":{"Temperature":-18.5}}').then(
      () => {
        acked += 1;
        tookMs.push(systemClock.monotonicMs() - startedMs);
      },
      () => {},
    );
  };
  const timer = setInterval(() => {
    for (const [n, device] of devices.entries()) say(device, n);
  }, everyMs);
  return {
    get acked() {
      return acked;
    },
    begin() {
      tookMs = [];
    },
    figures() {
      const sorted = tookMs.toSorted((a, b) => a - b);
      const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? Number.POSITIVE_INFINITY;
      return { acked: sorted.length, p99Ms, lost };
    },
    close() {
      isClosing = true;
      clearInterval(timer);
      for (const device of devices) device.destroy();
    },
  };
}
