import { get } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { gatewayProgram } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
import { tempFolder } from "../support/temp-folder.ts";

function metricsOf(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: "/metrics" }, (answer) => resolve(text(answer))).once("error", reject);
  });
}

test("each message that devices send is counted once", async () => {
  const folder = await tempFolder();
  const gateway = await gatewayProgram({ folder, natsUrl: "nats://127.0.0.1:1" });
  await gateway.start();
  onTestFinished(() => gateway.kill());
  const device = await connect({ port: gateway.mqttPort, clientId: "d1" });
  for (let n = 0; n < 3; n += 1) await device.publish("tele/plug/SENSOR", "{}", { qos: 1 });
  const metrics = await metricsOf(join(folder, "gateway.sock"));
  expect(metrics).toContain("gateway_sources_messages_received_total 3\n");
});
