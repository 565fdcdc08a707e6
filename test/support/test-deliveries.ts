import { systemClock } from "../../src/app/system-clock.ts";
import { toSeq } from "../../src/core/ids.ts";
import type { Durability } from "../../src/core/log-writer.ts";
import { type Deliveries, openDeliveries } from "../../src/sources/mqtt-broker/deliveries.ts";
import { silentLogger } from "./silence.ts";
import { SimDisk } from "./sim-disk.ts";

/** A log without a record. */
export const emptyLog: Durability = { durableSeq: toSeq(0), onDurable: () => () => {} };

/** A table of open QoS 2 messages beside a log that is always empty: nothing outlives the process. */
export function testDeliveries(log: Durability = emptyLog): Promise<Deliveries> {
  return openDeliveries({
    folder: "/qos2",
    disk: new SimDisk({ random: Math.random }),
    log: {
      durableSeq: log.durableSeq,
      lastSeq: toSeq(0),
      onDurable: (listener) => log.onDurable(listener),
      openReader: async () => ({ next: async () => [], close: async () => {} }),
    },
    clock: systemClock,
    logger: silentLogger,
  });
}
