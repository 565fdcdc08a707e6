/** What a device sends again after the gateway died, the whole way into the stream. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { numberOf } from "../../src/simulate/proof.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { tempFolder } from "../support/temp-folder.ts";

const trailerBytes = 144;

/** Publishes the numbers on a connection of its own; resolves when every PUBACK is there. */
async function send(port: number, topic: string, boot: string, from: number, to: number) {
  const device = await connect({ port, clientId: "d1", clean: false });
  const sent = Array.from({ length: to - from + 1 }, (_, index) =>
    device.publish(topic, JSON.stringify({ n: from + index, boot, temperature: -18 }), {
      dup: true,
    }),
  );
  await Promise.all(sent);
  await device.close();
}

it("QoS 1 messages with a counter are stored once over a kill and a damaged footer, others are not", async () => {
  const server = await natsServer();
  const folder = await tempFolder();
  const gateway = await gatewayProcess({
    folder,
    natsUrl: server.url,
    configuration: "profiles: { generic: true }\n",
  });
  const counted = "sim/freezer/counted/telemetry";
  const plain = "plain/uncounted";
  const port = gateway.mqttPort;

  await gateway.start();
  await send(port, counted, "a", 1, 20);
  await send(port, plain, "a", 1, 1);
  await gateway.kill();

  await gateway.start();
  await send(port, counted, "a", 1, 30);
  await send(port, plain, "a", 1, 1);
  await gateway.drained();
  expect(await gateway.stop()).toBe(0);

  // The last byte of what the newest footer says of devices: the one before it is taken.
  const log = join(folder, "data", "log");
  const newest =
    (await readdir(log))
      .filter((name) => name.endsWith(".seg"))
      .sort()
      .at(-1) ?? "";
  const bytes = await readFile(join(log, newest));
  const at = bytes.length - trailerBytes - 1;
  bytes.writeUInt8(0xff ^ bytes.readUInt8(at), at);
  await writeFile(join(log, newest), bytes);

  await gateway.start();
  await send(port, counted, "a", 11, 40);
  // The device has lost power and counts anew.
  await send(port, counted, "b", 1, 5);
  await gateway.drained();

  const found = new Map<string, number[]>();
  for (const body of await readGatewayStream(server.url)) {
    const event = decodeEvent(Buffer.from(body).toString());
    const numbered = isMalformed(event) ? undefined : numberOf(event);
    if (!numbered) continue;
    found.set(numbered.device, [...(found.get(numbered.device) ?? []), numbered.n]);
  }
  const numbers = (to: number) => Array.from({ length: to }, (_, index) => index + 1);
  expect(found.get("counted")).toEqual([...numbers(40), ...numbers(5)]);
  expect(found.get(`generic-${plain}`)).toEqual([1, 1]);
});
