/** Opens a broker, lets two clients connect (one says nothing), stops it, and has nothing to do. */

import { createConnection } from "node:net";
import mqttPacket from "mqtt-packet";
import { systemClock } from "../../../src/app/system-clock.ts";
import { noAudit } from "../../../src/core/audit.ts";
import { toSeq } from "../../../src/core/ids.ts";
import { openEmbeddedBroker } from "../../../src/sources/mqtt-broker/embedded-broker.ts";
import { mqttBrokerOptions } from "../../../src/sources/mqtt-broker/options.ts";
import { silentLogger, silentMetrics } from "../../support/silence.ts";
import { emptyLog, testDeliveries } from "../../support/test-deliveries.ts";

const broker = await openEmbeddedBroker(
  mqttBrokerOptions.parse({ kind: "mqtt-broker", listen: "127.0.0.1:0" }),
  {
    audit: noAudit,
    users: undefined,
    clientOf: () => undefined,
    deliveries: await testDeliveries(),
    sink: { message: () => toSeq(1), connection: () => toSeq(1) },
    log: emptyLog,
    nowMs: () => systemClock.wallMs(),
    clock: systemClock,
    logger: silentLogger,
    metrics: silentMetrics,
  },
);
const port = Number(broker.address.split(":").at(-1));
const silent = createConnection(port, "127.0.0.1");
const client = createConnection(port, "127.0.0.1");
client.write(mqttPacket.generate({ cmd: "connect", clientId: "d1", keepalive: 60, clean: true }));
await new Promise((resolve) => client.once("data", resolve));
client.write(
  mqttPacket.generate({
    cmd: "publish",
    topic: "t",
    payload: "a",
    qos: 1,
    messageId: 1,
    dup: false,
    retain: false,
  }),
);
client.write(mqttPacket.generate({ cmd: "pingreq" }));
await new Promise((resolve) => client.once("data", resolve));
for (const socket of [client, silent]) socket.on("error", () => {});
await broker.stop();
console.log("stopped");
