import { jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { siteSchema } from "../../src/config/schema.ts";
import { toGatewayId, toSiteId, toStreamSeq } from "../../src/core/ids.ts";
import { problemOfGatewayName } from "../../src/core/subject.ts";
import { allowBatches } from "../../src/stream/allow-batches.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { getLastMessage, getMessage, readStreamFacts } from "../../src/stream/message-get.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import {
  alertsStreamContract,
  findDifferences,
  gatewayStreamContract,
  notifyLogStreamContract,
  toStreamConfig,
} from "../../src/stream/stream-contract.ts";
import { currentServer, envOf } from "../support/current-nats-server.ts";
import { natsServer } from "../support/nats-server.ts";

const options = backboneOptions.parse({});
const contract = gatewayStreamContract(
  { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") },
  options,
);

async function plainConnection(program?: string): Promise<NatsConnection> {
  const server = await natsServer(envOf(program));
  const connection = await connect({ servers: server.url, reconnect: false });
  onTestFinished(() => connection.close());
  return connection;
}

describe("ensureStream", () => {
  test.each([contract, alertsStreamContract(options), notifyLogStreamContract(options)])(
    "makes $name once and finds every setting of it back",
    async (wanted) => {
      const connection = await plainConnection();
      const made = await ensureStream(connection, wanted);
      expect(made).toMatchObject({ made: true, firstSeq: 0, lastSeq: 0, messages: 0, tuned: [] });
      const found = await ensureStream(connection, wanted);
      expect(found).toEqual({ ...made, made: false });
    },
  );

  test("nobody may delete or purge its messages", async () => {
    const connection = await plainConnection();
    await ensureStream(connection, contract);
    await connection.request("ev.plant-a.gw1.d.measurement", "{}");
    const { streams } = await jetstreamManager(connection);
    await expect(streams.deleteMessage(contract.name, 1)).rejects.toThrow(/not permitted/);
    await expect(streams.purge(contract.name)).rejects.toThrow(/not permitted/);
  });

  test("leaves settings alone that an operator changed, and mentions them", async () => {
    const connection = await plainConnection();
    await ensureStream(connection, contract);
    const { streams } = await jetstreamManager(connection);
    const { config } = await streams.info(contract.name);
    await streams.update(contract.name, { ...config, max_age: 3_600_000_000_000 });
    const { tuned } = await ensureStream(connection, contract);
    expect(tuned).toEqual(["max_age is 1h, not 7d"]);
  });

  test("refuses a stream of the name that takes other subjects, in words", async () => {
    const connection = await plainConnection();
    const { streams } = await jetstreamManager(connection);
    await streams.add({ ...toStreamConfig(contract), subjects: ["ev.plant-b.gw1.>"] });
    await expect(ensureStream(connection, contract)).rejects.toMatchObject({
      code: "stream.contract-mismatch",
      message:
        "stream GW_gw1 has other settings: subjects is ev.plant-b.gw1.>, not ev.plant-a.gw1.>; " +
        "change it on the server or give this gateway another id",
    });
  });

  test("refuses when another stream takes the subjects already", async () => {
    const connection = await plainConnection();
    const { streams } = await jetstreamManager(connection);
    await streams.add({ name: "EVERYTHING", subjects: ["ev.>"] });
    await expect(ensureStream(connection, contract)).rejects.toMatchObject({
      code: "stream.contract-mismatch",
    });
  });
});

describe("batches", () => {
  const batched = { ...contract, batches: true };

  test("are no difference to a server that knows nothing of them, nor to a stream without", async () => {
    const connection = await plainConnection();
    const made = await ensureStream(connection, batched);
    expect(made).toMatchObject({ made: true, tuned: [] });
    expect(await ensureStream(connection, batched)).toEqual({ ...made, made: false });
  });

  test.skipIf(currentServer === undefined)(
    "are taken by streams that are made for them, and by others when they are told to",
    async () => {
      const connection = await plainConnection(currentServer);
      expect((await ensureStream(connection, batched)).batches).toBe("on");
      const alerts = alertsStreamContract(options);
      expect((await ensureStream(connection, alerts)).batches).toBe("off");
      expect(await allowBatches(connection, alerts.name)).toBe("on");
      expect(await ensureStream(connection, alerts)).toMatchObject({ batches: "on", tuned: [] });
    },
  );

  test("are asked of a server that drops the setting or refuses it, and that is what is told", async () => {
    const connection = await plainConnection();
    const { batches } = await ensureStream(connection, contract);
    const asked = await allowBatches(connection, contract.name);
    expect(asked).toBe(batches === "off" ? "on" : "unknown");
  });
});

describe("the longest name of a gateway", () => {
  test("is one that the server takes for a stream, and a longer one is refused with words", async () => {
    const connection = await plainConnection();
    const gateway = toGatewayId("é".repeat(42));
    const longest = gatewayStreamContract({ site: toSiteId("plant-a"), gateway }, options);
    await ensureStream(connection, longest);
    expect(longest.name).toHaveLength(255);
    expect(problemOfGatewayName(gateway)).toBeUndefined();
    expect(problemOfGatewayName(`${gateway}x`)).toContain("256 characters");
    const config = (id: string) => ({ gateway: { id, data: "data" } });
    expect(siteSchema.safeParse(config(gateway)).success).toBe(true);
    expect(siteSchema.safeParse(config(`${gateway}x`)).success).toBe(false);
  });
});

describe("findDifferences", () => {
  test("names settings that an old server dropped", () => {
    const { deny_delete: _, allow_direct: __, ...kept } = toStreamConfig(contract);
    expect(findDifferences(kept, contract)).toEqual({
      promised: ["deny_delete is off, not on"],
      tuned: ["allow_direct is off, not on"],
    });
  });

  test("names a stream that is filled from elsewhere", () => {
    const found: Partial<StreamConfig> = {
      ...toStreamConfig(contract),
      sources: [{ name: "OTHER" }],
    };
    expect(findDifferences(found, contract).promised).toEqual(["it is filled from OTHER"]);
  });
});

describe("single messages", () => {
  test("are found by sequence and as the last of a subject, or are not there", async () => {
    const connection = await plainConnection();
    expect(await readStreamFacts(connection, contract.name)).toBeUndefined();
    await ensureStream(connection, contract);
    expect(await getMessage(connection, contract.name, toStreamSeq(1))).toBeUndefined();
    await connection.request("ev.plant-a.gw1.a.measurement", "one");
    await connection.request("ev.plant-a.gw1.b.measurement", "two");
    const one = await getMessage(connection, contract.name, toStreamSeq(1));
    expect(new TextDecoder().decode(one?.body)).toBe("one");
    expect(one?.eventId).toBeUndefined();
    const last = await getLastMessage(connection, contract.name, "ev.plant-a.>");
    expect(last).toMatchObject({ streamSeq: 2, natsSubject: "ev.plant-a.gw1.b.measurement" });
    expect(await readStreamFacts(connection, contract.name)).toMatchObject({
      firstSeq: 1,
      lastSeq: 2,
      messages: 2,
    });
  });
});
