import { expect, test } from "vitest";
import { bytesOf, families, readConversations } from "../devices/conversation.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** What a bridge with sixty devices publishes, retained, whenever somebody connects. */
const deviceList = JSON.stringify(
  Array.from({ length: 60 }, (_, at) => ({
    friendly_name: `d${at}`,
    definition: "x".repeat(7_200),
  })),
);

test("what real devices say goes the whole way, behind a list of devices that nobody needs", async () => {
  const sayings = families
    .flatMap(readConversations)
    .filter((one) => one.notYet === undefined && one.site === undefined)
    .filter(({ devices, profile }) => devices === undefined && profile === undefined)
    .flatMap(({ says }) => says)
    .filter(({ kept, relay }) => kept === undefined && relay === undefined);
  const server = await natsServer();
  const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: server.url });
  await gateway.start();
  const device = await connect({ port: gateway.mqttPort, clientId: "bridge" });
  await device.publish("zigbee2mqtt/bridge/devices", deviceList, { qos: 1, retain: true });
  const right: unknown[] = [];
  for (const saying of sayings) {
    await device.publish(saying.topic, Buffer.from(bytesOf(saying)), { qos: 1 });
    for (const gives of [saying.gives].flat())
      if ("metrics" in gives && gives.metrics !== undefined)
        right.push(
          expect.objectContaining({
            ...(gives.device !== undefined && { subject: gives.device }),
            data: expect.arrayContaining(
              Object.keys(gives.metrics).map((n) => expect.objectContaining({ n })),
            ),
          }),
        );
  }
  await gateway.drained();
  const stored = (await readGatewayStream(server.url)).map((body): unknown =>
    JSON.parse(Buffer.from(body).toString()),
  );
  expect(right.length).toBeGreaterThan(40);
  expect(stored).toEqual(expect.arrayContaining(right));
  const { passedOver = [] } = await gateway.status();
  expect(passedOver.length).toBeGreaterThan(0);
});
