import { connect as connectTcp, createServer, type Socket } from "node:net";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { openBucket } from "../../src/stream/kv.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { alertsStreamContract, derivedStreamContract } from "../../src/stream/stream-contract.ts";
import { testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";

const options = backboneOptions.parse({});

async function as(url: string, user?: string): Promise<NatsConnection> {
  const login = user === undefined ? {} : { user, pass: user };
  const connection = await connect({ servers: url, reconnect: false, ...login });
  onTestFinished(() => connection.close());
  return connection;
}

const saysOf = (doing: Promise<unknown>): Promise<unknown> =>
  doing.then(
    () => "done",
    (thrown: unknown) => (thrown instanceof Error ? thrown.message : thrown),
  );

/** The server as it would be in another version: its greeting says so. */
async function inVersion(port: number, version: string): Promise<string> {
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connectTcp(port, "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        server.destroy();
      });
    }
    client.pipe(server);
    server.once("data", (greeting: Buffer) => {
      client.write(greeting.toString().replace(/"version":"[^"]*"/, `"version":"${version}"`));
      server.pipe(client);
    });
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("it does not listen");
  return `nats://127.0.0.1:${address.port}`;
}

describe("what a server cannot do is said with what to do", () => {
  test("copies of streams where there is one server", async () => {
    const connection = await as((await natsServer()).url);
    const contract = alertsStreamContract({ ...options, replicas: 3 });
    const why =
      "replicas > 1 not supported in non-clustered mode; a server alone keeps one copy: " +
      "set `backbone.replicas` to 1, or connect to a cluster";
    expect(await saysOf(ensureStream(connection, contract))).toBe(
      `cannot create stream ALERTS: ${why}`,
    );
    expect(await saysOf(openBucket(connection, "leases", 3))).toBe(
      `cannot open bucket leases: ${why}`,
    );
  });

  test("streams beyond those that an account may have, and an account without JetStream", async () => {
    const { url } = await natsServer({
      configuration: `accounts {
        FEW { jetstream: { max_streams: 1 }, users: [{ user: few, password: few }] }
        NONE { users: [{ user: none, password: none }] }
      }`,
    });
    const few = await as(url, "few");
    await ensureStream(few, alertsStreamContract(options));
    expect(await saysOf(ensureStream(few, derivedStreamContract(options)))).toBe(
      "cannot create stream DERIVED: maximum number of streams reached; " +
        "allow the account more streams: each gateway has one, the rest are about a dozen",
    );
    const none = await as(url, "none");
    expect(await saysOf(ensureStream(none, alertsStreamContract(options)))).toBe(
      "cannot read the state of stream ALERTS: JetStream not enabled for account; " +
        "switch JetStream on for the account of these credentials",
    );
  });

  test("anything that is used here, where it is older than 2.9; what is newer is not asked", async () => {
    const { port } = await natsServer();
    const old = testBackbone(await inVersion(port, "2.8.4"));
    await expect
      .poll(() => old.state, { timeout: 20_000 })
      .toMatchObject({ failure: { code: "stream.unavailable" } });
    expect(old.state).toMatchObject({
      failure: {
        message: expect.stringMatching(
          /^the nats-server at nats:\S+ is version 2\.8\.4, which drops settings of streams that it does not know; install 2\.9 or newer there$/,
        ),
      },
    });
    for (const version of ["2.9.0", "2.10.3-beta.1", "3.0.0"]) {
      const backbone = testBackbone(await inVersion(port, version));
      await expect
        .poll(() => backbone.state, { timeout: 20_000 })
        .toMatchObject({ kind: "connected", serverVersion: version });
    }
  });
});
