import { systemClock } from "../../src/app/system-clock.ts";
import { toSeq } from "../../src/core/ids.ts";
import { type Deliveries, openDeliveries } from "../../src/sources/mqtt-broker/deliveries.ts";
import { silentLogger } from "./silence.ts";
import { SimDisk } from "./sim-disk.ts";

/** A table of open QoS 2 messages beside a log that is always empty: nothing outlives the process. */
export function testDeliveries(): Promise<Deliveries> {
  return openDeliveries({
    folder: "/qos2",
    disk: new SimDisk({ random: Math.random }),
    log: {
      durableSeq: toSeq(0),
      lastSeq: toSeq(0),
      onDurable: () => () => {},
      openReader: async () => ({ next: async () => [], close: async () => {} }),
    },
    clock: systemClock,
    logger: silentLogger,
  });
}
