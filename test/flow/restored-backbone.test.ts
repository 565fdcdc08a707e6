/** A backbone that is lost and comes back out of an older backup, while its gateway goes on. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { toGatewayId } from "../../src/core/ids.ts";
import { gatewayStream } from "../../src/core/subject.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { testBackbone } from "../support/backbone.ts";
import { runCommand } from "../support/command-line.ts";
import { type GatewayProgram, gatewayProgram } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
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

test("behind an older backup a gateway sends again what came since, once and in order", async () => {
  const [folder, port] = [await tempFolder(), await freePort()];
  const natsUrl = `nats://127.0.0.1:${port}`;
  const server = await startNatsServer({ folder: await tempFolder(), port });
  const gateway = await gatewayProgram({ folder, natsUrl });
  const backup = join(folder, "monday");
  const command = (...args: string[]) =>
    runCommand([...args, "--config", gateway.configPath], { cwd: folder });
  onTestFinished(async () => {
    await gateway.kill();
    await server.kill();
  });
  await gateway.start();
  await send(gateway, 1, 10);
  await gateway.drained();
  const taken = await command("backbone", "backup", backup);
  expect(taken).toMatchObject({ status: 0, stderr: "" });
  expect(taken.stdout).toContain("GW_gw1: ");
  await send(gateway, 11, 20);
  await gateway.drained();
  await server.kill();

  const emptied = await startNatsServer({ folder: await tempFolder(), port });
  onTestFinished(() => emptied.kill());
  await send(gateway, 21, 22);
  // It finds an empty server, and fills it with what it still has.
  await gateway.drained();
  const inTheWay = await command("backbone", "restore", backup, "--yes");
  expect(inTheWay.status).toBe(2);
  expect(inTheWay.stderr).toContain("--replace");
  const dry = await command("backbone", "restore", backup, "--replace", "--dry-run");
  expect(dry).toMatchObject({ status: 0, stdout: expect.stringMatching(/would delete .*GW_gw1/) });
  const packed = join(backup, "GW_gw1.tar.s2");
  const whole = await readFile(packed);
  await writeFile(packed, whole.subarray(1));
  const damaged = await command("backbone", "restore", backup, "--replace", "--yes");
  expect(damaged.status).toBe(2);
  expect(damaged.stderr).toContain("nothing was restored");
  await writeFile(packed, whole);
  const restored = await command("backbone", "restore", backup, "--replace", "--yes");
  expect(restored).toMatchObject({ status: 0, stderr: "" });

  await send(gateway, 23, 30);
  const backbone = testBackbone(natsUrl);
  const stored = async (): Promise<number[]> =>
    (await streamBodies(backbone, gatewayStream(toGatewayId("gw1")))).flatMap((body) => {
      const event = decodeEvent(Buffer.from(body).toString());
      if (isMalformed(event) || event.kind !== "measurement") return [];
      return event.data.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
    });
  await expect
    .poll(async () => (await stored()).length, { timeout: 30_000, interval: 200 })
    .toBeGreaterThanOrEqual(30);
  expect(await stored()).toEqual(numbers(1, 30));
});
