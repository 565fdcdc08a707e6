import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { tempFolder } from "../support/temp-folder.ts";

interface Body {
  readonly type: string;
  readonly subject?: string;
  readonly profile?: string;
  readonly data: unknown;
}

/** Events of a device in the stream, in its order. */
async function eventsOf(natsUrl: string, device: string): Promise<Body[]> {
  const bodies = await readGatewayStream(natsUrl);
  return bodies
    .map((body): Body => JSON.parse(Buffer.from(body).toString()))
    .filter(({ subject }) => subject === device);
}

const described = {
  "homeassistant/sensor/weather-mast/outside_temperature/config": {
    dev_cla: "temperature",
    unit_of_meas: "°F",
    stat_cla: "measurement",
    name: "Outside Temperature",
    stat_t: "mast/outside",
    val_tpl: "{{ value_json.t | float }}",
    avty_t: "mast/LWT",
    uniq_id: "mast_outside_temperature",
    dev: { ids: "a4cf12000001", name: "weather-mast", mdl: "esp32dev", mf: "Espressif" },
  },
  "homeassistant/binary_sensor/weather-mast/hatch/config": {
    dev_cla: "opening",
    name: "Hatch",
    stat_t: "mast/outside",
    val_tpl: "{{ value_json.hatch }}",
    pl_on: "open",
    pl_off: "shut",
    avty_t: "mast/LWT",
    uniq_id: "mast_hatch",
    dev: { ids: "a4cf12000001", name: "weather-mast", mdl: "esp32dev", mf: "Espressif" },
  },
};

describe("a device that describes itself", () => {
  it("is in the stream as it says, also after the gateway was killed and nobody said it again", async () => {
    const server = await natsServer();
    const folder = await tempFolder();
    const gateway = await gatewayProcess({ folder, natsUrl: server.url });
    await gateway.start();
    const mast = await connect({ port: gateway.mqttPort, clientId: "mast" });
    for (const [topic, message] of Object.entries(described))
      await mast.publish(topic, JSON.stringify(message), { retain: true });
    await mast.publish("mast/outside", '{"t":"68.0","hatch":"open"}');
    await mast.publish("mast/LWT", "online");
    await gateway.kill();

    await gateway.start();
    const again = await connect({ port: gateway.mqttPort, clientId: "mast" });
    await again.publish("mast/outside", '{"t":"50.0","hatch":"shut"}');
    await gateway.drained();

    const events = await eventsOf(server.url, "ha-a4cf12000001");
    const measured = events.filter(({ type }) => type.includes("measurement"));
    expect(measured.map(({ data }) => data)).toEqual([
      [
        { n: "outside_temperature", u: "Cel", v: 20 },
        { n: "hatch", vb: true },
      ],
      [
        { n: "outside_temperature", u: "Cel", v: 10 },
        { n: "hatch", vb: false },
      ],
    ]);
    const editions = new Set(measured.map(({ profile }) => profile));
    expect([...editions]).toEqual([
      expect.stringMatching(/^homeassistant\/discovery@[0-9a-f]{8}$/),
    ]);
    const records = events.filter(({ type }) => type.includes("device"));
    expect(records.at(-1)?.data).toMatchObject({
      device: "ha-a4cf12000001",
      profile: [...editions][0],
      attrs: { name: "weather-mast", model: "esp32dev", manufacturer: "Espressif" },
      metrics: [{ name: "outside_temperature", unit: "Cel" }, { name: "hatch" }],
    });
    const stated = events.filter(({ type }) => type.includes("status"));
    expect(stated.map(({ data }) => data)).toContainEqual(
      expect.objectContaining({ state: "online", cause: "reported", text: "online" }),
    );
    expect(await gateway.status()).toMatchObject({ descriptions: { devices: 1, refused: [] } });

    await again.publish("homeassistant/sensor/weather-mast/boot/config", "{nonsense");
    const args = ["status", "--socket", join(folder, "gateway.sock")];
    const { stdout } = await runCommand(args, { cwd: folder });
    expect(stdout).toContain("1 described themselves");
    expect(stdout).toMatch(
      /not taken of homeassistant\/\S+: a discovery message is a JSON object \(1\)/,
    );
  });

  it("is gone when it takes back what it said", async () => {
    const server = await natsServer();
    const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: server.url });
    await gateway.start();
    const mast = await connect({ port: gateway.mqttPort, clientId: "mast" });
    for (const [topic, message] of Object.entries(described))
      await mast.publish(topic, JSON.stringify(message));
    for (const topic of Object.keys(described)) await mast.publish(topic, "");
    await expect
      .poll(() => eventsOf(server.url, "ha-a4cf12000001"), { timeout: 60_000 })
      .toContainEqual(
        expect.objectContaining({ data: { state: "unknown", cause: "device-removed" } }),
      );
  });
});
