/** The gateway's broker with guard and lanes; every message is acknowledged at once. */
import { systemClock } from "../../../src/app/system-clock.ts";
import { noAudit } from "../../../src/core/audit.ts";
import { openEmbeddedBroker } from "../../../src/sources/mqtt-broker/embedded-broker.ts";
import { mqttBrokerOptions } from "../../../src/sources/mqtt-broker/options.ts";
import { createMetricsRegistry } from "../../../src/telemetry/metrics-registry.ts";
import { silentLogger } from "../../support/silence.ts";
import { emptyLog, testDeliveries } from "../../support/test-deliveries.ts";
import { answer } from "./answer.ts";
import type { BrokerAnswer } from "./reports.ts";

const broker = await openEmbeddedBroker(
  mqttBrokerOptions.parse({ kind: "mqtt-broker", listen: "127.0.0.1:0" }),
  {
    users: undefined,
    audit: noAudit,
    clientOf: () => undefined,
    deliveries: await testDeliveries(),
    sink: { message: () => emptyLog.durableSeq, connection: () => emptyLog.durableSeq },
    log: emptyLog,
    nowMs: () => systemClock.wallMs(),
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetricsRegistry(),
  },
);
answer({ port: Number(broker.address.split(":").at(-1)) } satisfies BrokerAnswer);
