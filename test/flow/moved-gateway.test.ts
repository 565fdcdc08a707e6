/** A gateway that moves to another machine with its buffer, and the old one that comes back. */
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { toGatewayId } from "../../src/core/ids.ts";
import { gatewayStream } from "../../src/core/subject.ts";
import { testBackbone } from "../support/backbone.ts";
import { runCommand } from "../support/command-line.ts";
import { type GatewayProgram, gatewayProgram } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { streamBodies } from "../support/stream-bodies.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function send(gateway: GatewayProgram, from: number, to: number): Promise<void> {
  const device = await connect({ port: gateway.mqttPort, clientId: "plug" });
  for (let n = from; n <= to; n += 1) {
    const payload = { DS18B20: { Id: "1", Temperature: n }, TempUnit: "C" };
    await device.publish("tele/plug/SENSOR", JSON.stringify(payload), { qos: 1 });
  }
  await device.close();
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

test("a gateway goes on elsewhere with a copy of its folder, and the old box is fenced and says so", async () => {
  const server = await natsServer();
  const backbone = testBackbone(server.url);
  const stored = async (): Promise<number[]> =>
    (await streamBodies(backbone, gatewayStream(toGatewayId("gw1")))).flatMap((body) => {
      const event = decodeEvent(Buffer.from(body).toString());
      if (isMalformed(event) || event.kind !== "measurement") return [];
      return event.data.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
    });
  const [old, next] = [await tempFolder(), await tempFolder()];
  const before = await gatewayProgram({ folder: old, natsUrl: server.url });
  const after = await gatewayProgram({ folder: next, natsUrl: server.url });
  onTestFinished(async () => {
    await before.kill();
    await after.kill();
  });

  await before.start();
  await send(before, 1, 10);
  const config = ["--config", before.configPath];
  const drained = await runCommand(["drain", "--timeout", "60s", ...config], { cwd: old });
  expect(drained).toMatchObject({ status: 0 });
  expect((await before.status()).closed).toBe(true);
  await expect(connect({ port: before.mqttPort, clientId: "plug" })).rejects.toThrow();
  expect(await before.stop()).toBe(0);

  await cp(join(old, "data"), join(next, "data"), { recursive: true });
  await after.start();
  await send(after, 11, 20);
  await after.drained();
  expect(await stored()).toEqual(numbers(1, 20));

  // Somebody switches the old box on again.
  await before.start();
  await send(before, 21, 25);
  await expect
    .poll(async () => (await before.status()).link.kind, { timeout: 30_000 })
    .toBe("blocked");
  expect(JSON.stringify((await before.status()).link)).toMatch(/run|writ/);
  expect((await before.status()).buffer.waitingRecords).toBeGreaterThanOrEqual(5);
  await send(after, 26, 30);
  await after.drained();
  expect(await stored()).toEqual([...numbers(1, 20), ...numbers(26, 30)]);
  // What it took is on its disk, and can be carried over by hand.
  await before.stop();
  const exported = await runCommand(["buffer", "export", ...config], { cwd: old });
  expect(exported.stdout).toMatch(/"v":25}/);
  expect(await readFile(join(old, "gateway.log"), "utf8")).toContain("blocked");
});
