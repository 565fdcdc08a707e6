/** Edge nodes of Sparkplug B through the real gateway: over MQTT, into the stream, and over restarts. */
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { encodePayload, type SentMetric } from "../../src/simulate/sparkplug/encode-payload.ts";
import { NodeSimulator } from "../../src/simulate/sparkplug/node-simulator.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { connect, type MqttDevice } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { tempFolder } from "../support/temp-folder.ts";

interface Value {
  readonly n: string;
  readonly u?: string;
  readonly v?: number;
  readonly vs?: string;
  readonly vb?: boolean;
}

interface Body {
  readonly type: string;
  readonly subject?: string;
  readonly data: unknown;
}

async function bodiesIn(natsUrl: string): Promise<Body[]> {
  const bodies = await readGatewayStream(natsUrl);
  return bodies.map((body): Body => JSON.parse(Buffer.from(body).toString()));
}

async function valuesIn(natsUrl: string): Promise<Value[]> {
  const bodies = await bodiesIn(natsUrl);
  return bodies.flatMap(({ data, type }) =>
    type.includes("measurement") ? (data as Value[]) : [],
  );
}

async function statesOf(natsUrl: string, device: string): Promise<unknown[]> {
  const bodies = await bodiesIn(natsUrl);
  return bodies.flatMap(({ data, subject, type }) =>
    type.includes("status") && subject === device ? [(data as { state: string }).state] : [],
  );
}

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  cabinet_temperature: [30, 40],
  hydraulics_oil_temperature: [65, 77],
  hydraulics_pressure: [200_000, 250_000],
  cycles: [1_000_000, 2_000_000],
  speed: [1, 2],
  torque: [-600, -500],
};

/** Values whose number another metric would have. */
function misplaced(values: readonly Value[]): Value[] {
  return values.filter(({ n, v }) => {
    const [from, to] = ranges[n] ?? [];
    return v !== undefined && (from === undefined || to === undefined || v < from || v > to);
  });
}

describe("an edge node of Sparkplug B", () => {
  it("has no value under another's name, whatever is lost and however its aliases move", async () => {
    const server = await natsServer();
    const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: server.url });
    await gateway.start();
    const node = new NodeSimulator({
      ...{ group: "plant", node: "sim-1", everyMs: 600_000, clock: systemClock },
      broker: { host: "127.0.0.1", port: gateway.mqttPort },
      random: createSeededRandom("sparkplug"),
      misbehavior: { movesAliases: true, unknownAlias: 0.02, cut: 0.02 },
    });
    node.start();
    await expect.poll(() => node.counts().births).toBe(1);
    for (let count = 0; count < 50; count += 1) node.measure();
    node.misbehave({ lost: 0.5 });
    for (let count = 0; count < 10; count += 1) node.measure();
    node.misbehave({ lost: 0 });
    node.measure();
    await expect.poll(() => node.counts().asked, { timeout: 30_000 }).toBeGreaterThan(0);
    const { births } = node.counts();
    for (const dies of [true, false]) {
      node.restart(dies);
      await expect.poll(() => node.isUp, { timeout: 30_000 }).toBe(false);
      await expect.poll(() => node.isUp, { timeout: 30_000 }).toBe(true);
      node.misbehave({ unknownAlias: 0, cut: 0 });
      for (let count = 0; count < 30; count += 1) node.measure();
    }
    expect(node.counts().births).toBe(births + 2);
    await node.stop();
    await gateway.drained();

    const values = await valuesIn(server.url);
    expect(misplaced(values)).toEqual([]);
    expect(values.length).toBeGreaterThan(80);
    expect(values).toContainEqual({ n: "properties_firmware", vs: "1.4.2" });
    expect(values.find(({ n }) => n === "hydraulics_oil_temperature")).toMatchObject({ u: "Cel" });
    const states = await statesOf(server.url, "sparkplug-plant-sim--1-press");
    expect(states.at(-1)).toBe("offline");
    expect(states).toContain("online");
    expect(await gateway.status()).toMatchObject({ descriptions: { devices: 3 } });
  });

  it("is read on after an orderly restart, and asked for its birth after another", async () => {
    const server = await natsServer();
    const gateway = await gatewayProcess({ folder: await tempFolder(), natsUrl: server.url });
    const say = (
      client: MqttDevice,
      type: string,
      seq: number,
      ...metrics: readonly SentMetric[]
    ): Promise<void> =>
      client.publish(
        `spBv1.0/plant/${type}/kiln`,
        encodePayload({ timeMs: Date.now(), seq, metrics }),
      );
    const open = async (): Promise<MqttDevice> => {
      const client = await connect({ port: gateway.mqttPort, clientId: "kiln" });
      await client.subscribe("spBv1.0/plant/NCMD/kiln");
      return client;
    };
    await gateway.start();
    const first = await open();
    await say(first, "NBIRTH", 0, { name: "Temp", alias: 0, type: "Double", value: 100 });
    await say(first, "NDATA", 1, { alias: 0, value: 101 });
    await gateway.stop();

    await gateway.start();
    const second = await open();
    await say(second, "NDATA", 2, { alias: 0, value: 102 });
    expect(second.delivered).toEqual([]);
    await gateway.kill();

    await gateway.start();
    const third = await open();
    await say(third, "NDATA", 3, { alias: 0, value: 103 });
    await expect.poll(() => third.delivered).toHaveLength(1);
    expect(third.delivered[0]?.payload).toContain("Node Control/Rebirth");
    await say(third, "NBIRTH", 0, { name: "Temp", alias: 0, type: "Double", value: 104 });
    await gateway.drained();

    const values = await valuesIn(server.url);
    expect(values.map(({ v }) => v)).toEqual([100, 101, 102, 104]);
    const rejected = (await bodiesIn(server.url)).filter(({ type }) => type.includes("rejection"));
    expect(rejected).toEqual([
      expect.objectContaining({
        subject: "sparkplug-plant-kiln",
        data: expect.objectContaining({
          code: "no-metric",
          reason: expect.stringContaining("no birth explains for sure"),
        }),
      }),
    ]);
  });
});
