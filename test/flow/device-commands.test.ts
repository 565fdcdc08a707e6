import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Command } from "../../src/core/command.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { appendCancel, appendCommand } from "../../src/stream/command-log.ts";
import { repliesOf } from "../../src/stream/command-replies.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { commandsStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { sampleCancel, sampleCommand } from "../support/commands.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { origin } from "../support/gateway-stream.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

async function setUp() {
  const { url } = await natsServer();
  const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: url });
  await gateway.start();
  const connection = await connectionOf(testBackbone(url));
  await ensureStream(connection, commandsStreamContract(backboneOptionsFor(url)));
  let count = 0;
  const issue = async (changes: Partial<Command>) => {
    count += 1;
    const issuedMs = systemClock.wallMs();
    const device = toDeviceId("tasmota-kitchen");
    const command = sampleCommand({ id: `c-${count}`, device, issuedMs, ...changes });
    await appendCommand(connection, command);
    return command;
  };
  /** The steps of a command, once it has so many, or its last. */
  const steps = ({ id }: Command, atLeast = 100) =>
    waitUntil(async () => {
      const found = (await repliesOf(connection, origin, id, 0)).map(({ reply }) => reply);
      return (found.length >= atLeast || found.at(-1)?.final) && found;
    }, `steps of ${id}`);
  const states = async (command: Command) => (await steps(command)).map(({ state }) => state);
  const kitchen = async () => {
    const device = await connect({ port: gateway.mqttPort, clientId: "kitchen" });
    await device.subscribe("cmnd/kitchen/#");
    return device;
  };
  return { connection, gateway, issue, kitchen, natsUrl: url, states, steps };
}

const on = { name: "set_power", params: { state: "ON" } };

describe("a command to a device", () => {
  test("is acknowledged by what the device answers, and refused where it makes no sense", async () => {
    const { issue, kitchen, states, steps } = await setUp();
    const device = await kitchen();
    await device.publish("tele/kitchen/STATE", '{"POWER":"OFF"}');
    const command = await issue(on);
    const told = await waitUntil(() => device.delivered[0], "the command at the device");
    expect(told).toMatchObject({ topic: "cmnd/kitchen/POWER1", payload: "ON" });
    // An answer may overtake the PUBACK.
    await steps(command, 3);
    await device.publish("stat/kitchen/RESULT", '{"POWER":"ON"}');
    expect(await states(command)).toEqual(["queued", "sent", "delivered", "acknowledged"]);

    for (const [changes, words] of [
      [{ ...on, params: { state: "MAYBE" } }, 'state is "MAYBE", not one of ON, OFF'],
      [{ name: "set_powr", params: {} }, "did you mean set_power?"],
    ] as const) {
      const [refused] = await steps(await issue(changes));
      expect(refused).toMatchObject({ state: "refused", step: 1, final: true });
      expect(refused?.text).toContain(words);
    }
    expect(device.delivered).toHaveLength(1);
  });

  test("waits for a device that is away, until when it says, and can be taken back", async () => {
    const { connection, issue, kitchen, natsUrl, states, steps } = await setUp();
    const device = await kitchen();
    await device.publish("tele/kitchen/STATE", '{"POWER":"OFF"}');
    await device.close();
    // The goodbye is on its way; a command that overtakes it finds the device still there.
    await waitUntil(async () => {
      const stored = (await readGatewayStream(natsUrl)).map((body) =>
        new TextDecoder().decode(body),
      );
      return stored.some((text) => text.includes('"state":"offline"'));
    }, "the gateway hears the goodbye");
    const first = await issue(on);
    const second = await issue({ ...on, params: { state: "OFF" } });
    const [waiting] = await steps(first, 1);
    expect(waiting).toMatchObject({
      state: "queued",
      text: "tasmota-kitchen is not there",
      validUntil: new Date(first.expiresMs).toISOString(),
    });
    await appendCancel(connection, sampleCancel(second));
    expect((await states(second)).at(-1)).toBe("cancelled");

    const again = await kitchen();
    await waitUntil(() => again.delivered[0], "the command at the device");
    await again.publish("stat/kitchen/RESULT", '{"POWER":"ON"}');
    expect((await states(first)).at(-1)).toBe("acknowledged");
    expect(again.delivered).toHaveLength(1);
  });

  test("goes on after a kill, once more where it may come twice", async () => {
    const { gateway, issue, kitchen, steps } = await setUp();
    const device = await kitchen();
    await device.publish("tele/kitchen/STATE", '{"POWER":"OFF"}');
    const twice = await issue(on);
    await steps(twice, 3);
    await gateway.kill();
    await gateway.start();
    const waiting = await steps(twice, 4);
    expect(waiting[3]?.text).toContain("is not there; it may have arrived");
    const again = await kitchen();
    await waitUntil(() => again.delivered[0], "the command once more");
    await steps(twice, 6);
    await again.publish("stat/kitchen/RESULT", '{"POWER":"ON"}');
    expect((await steps(twice)).map(({ attempt, state }) => `${state} ${attempt ?? 0}`)).toEqual([
      "queued 0",
      "sent 1",
      "delivered 1",
      // The device is not back yet when its turn comes.
      "delivered 1",
      "sent 2",
      "delivered 2",
      "acknowledged 2",
    ]);
  });

  test("is done by one of two gateways of one name", async () => {
    const { issue, kitchen, natsUrl, states } = await setUp();
    const device = await kitchen();
    await device.publish("tele/kitchen/STATE", '{"POWER":"OFF"}');
    const copy = await gatewayProcess({ folder: await tempFolder(), natsUrl });
    await copy.start();
    const there = await connect({ port: copy.mqttPort, clientId: "kitchen" });
    await there.subscribe("cmnd/kitchen/#");
    await there.publish("tele/kitchen/STATE", '{"POWER":"OFF"}');
    for (const state of ["ON", "OFF"]) {
      const before = device.delivered.length;
      const command = await issue({ name: "set_power", params: { state } });
      await waitUntil(() => device.delivered.length > before, "the command at the device");
      await device.publish("stat/kitchen/RESULT", `{"POWER":"${state}"}`);
      expect((await states(command)).at(-1)).toBe("acknowledged");
    }
    expect(there.delivered).toEqual([]);
  });
});
