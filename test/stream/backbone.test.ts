import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { type Clock, sleep } from "../../src/core/clock.ts";
import { openCable } from "../../src/simulate/cable.ts";
import { type Backbone, openBackbone } from "../../src/stream/backbone.ts";
import type { BackboneState } from "../../src/stream/backbone-state.ts";
import { type BackboneOptions, backboneOptions } from "../../src/stream/options.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const quickBackoff = { baseMs: 10, maxMs: 50 };

function open(
  server: string,
  options: { clock?: Clock; credentials?: BackboneOptions["credentials"] } = {},
): Backbone {
  const { credentials, clock } = options;
  const backbone = openBackbone(backboneOptions.parse({ servers: [server], credentials }), {
    name: "gw 1",
    clock: clock ?? systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
    backoff: quickBackoff,
  });
  onTestFinished(() => backbone.close());
  return backbone;
}

/** The next state of a kind that comes, or the present one. */
function stateOf<K extends BackboneState["kind"]>(backbone: Backbone, kind: K) {
  return new Promise<BackboneState & { kind: K }>((resolve) => {
    const isWanted = (state: BackboneState): state is BackboneState & { kind: K } =>
      state.kind === kind;
    const stop = backbone.onState((state) => {
      if (!isWanted(state)) return;
      stop();
      resolve(state);
    });
  });
}

describe("backbone", () => {
  test("opens at once without a server and says why it is offline", async () => {
    const gone = await natsServer();
    await gone.kill();
    const backbone = open(gone.url);
    expect(backbone.connection()).toBeUndefined();
    const { failure } = await stateOf(backbone, "disconnected");
    expect(failure?.code).toBe("stream.unavailable");
    expect(failure?.message).toContain(gone.url);
  });

  test("connects by itself when the server comes, and again after it was killed", async () => {
    const first = await natsServer();
    await first.kill();
    const backbone = open(first.url);
    const waiting = backbone.connected(new AbortController().signal);
    const second = await natsServer({ port: first.port });
    const connection = await waiting;
    expect(backbone.state).toMatchObject({
      kind: "connected",
      serverVersion: second.version,
      maxPayloadBytes: 1_048_576,
    });
    const lost = stateOf(backbone, "disconnected");
    await second.kill();
    await lost;
    expect(connection.isClosed()).toBe(true);
    const again = stateOf(backbone, "connected");
    await natsServer({ port: first.port });
    await again;
    expect(backbone.connection()).not.toBe(connection);
  });

  test("closes a connection that is open and answers nothing, also with much to write", async () => {
    const server = await natsServer();
    const cable = await openCable({ host: "127.0.0.1", port: server.port });
    onTestFinished(() => cable.close());
    // Ten times the speed: pings every half second.
    const clock: Clock = {
      ...systemClock,
      setTimer: (delayMs, run) => systemClock.setTimer(delayMs / 10, run),
    };
    const backbone = open(`nats://127.0.0.1:${cable.port}`, { clock });
    const connection = await backbone.connected(new AbortController().signal);
    const lost = stateOf(backbone, "disconnected");
    cable.stall("both");
    const chunk = new Uint8Array(1_000_000);
    for (let i = 0; i < 80; i += 1) connection.publish("nobody.listens", chunk);
    await lost;
    expect(connection.isClosed()).toBe(true);
  });

  test("lets go of whoever waits for a connection when asked to stop", async () => {
    const gone = await natsServer();
    await gone.kill();
    const asked = new AbortController();
    const waiting = open(gone.url).connected(asked.signal);
    asked.abort();
    await expect(waiting).rejects.toMatchObject({ code: "shutdown" });
  });

  test("takes an nkey from a file and has inboxes of its own", async () => {
    const folder = await tempFolder();
    const file = join(folder, "gw1.nk");
    // A user seed made for this test alone.
    const { createUser } = await import("@nats-io/transport-node").then((m) => m.nkeys);
    const user = createUser();
    await writeFile(file, `${new TextDecoder().decode(user.getSeed())}\n`);
    const server = await natsServer({
      configuration: `authorization { users = [{ nkey: ${user.getPublicKey()},
        permissions: { subscribe: "_INBOX.gw=201.>", publish: "echo" } }] }`,
    });
    const backbone = open(server.url, { credentials: { file } });
    const connection = await backbone.connected(new AbortController().signal);
    const inbox = backbone.createInbox();
    connection.subscribe(inbox, { callback: () => {} });
    await connection.flush();
    expect(inbox.startsWith("_INBOX.gw=201.")).toBe(true);
    expect(backbone.lastRefusal()).toBeUndefined();
    connection.publish("forbidden");
    await connection.flush();
    while (!backbone.lastRefusal()) await sleep(systemClock, 5);
    expect(backbone.lastRefusal()?.code).toBe("stream.unauthorized");
    expect(backbone.lastRefusal()?.message).toContain("forbidden");
  });

  test("says that credentials are refused, and that their file is missing", async () => {
    const server = await natsServer({ configuration: "authorization { token: secret }" });
    const refused = await stateOf(open(server.url), "disconnected");
    expect(refused.failure?.code).toBe("stream.unauthorized");
    const missing = open(server.url, { credentials: { file: "/nowhere/gw1.creds" } });
    const { failure } = await stateOf(missing, "disconnected");
    expect(failure?.message).toContain("cannot read credentials /nowhere/gw1.creds");
  });

  test("leaves no socket behind where something accepts and says nothing", async () => {
    let openSockets = 0;
    let closed = 0;
    const mute = createServer((socket) => {
      openSockets += 1;
      socket.on("error", () => {});
      socket.on("close", () => {
        openSockets -= 1;
        closed += 1;
      });
    });
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void mute.close());
    const address = mute.address();
    const port = typeof address === "object" ? address?.port : 0;
    // A hundred times the speed: an attempt gives up after 100 ms.
    const clock: Clock = {
      ...systemClock,
      setTimer: (delayMs, run) => systemClock.setTimer(delayMs / 100, run),
    };
    const backbone = open(`nats://127.0.0.1:${port}`, { clock });
    await waitUntil(() => closed >= 5, "five attempts have ended");
    expect(openSockets).toBeLessThanOrEqual(1);
    expect(backbone.state).toMatchObject({
      kind: "disconnected",
      failure: { code: "stream.unavailable" },
    });
    await backbone.close();
    await waitUntil(() => openSockets === 0, "the last attempt is given up at once");
  });

  test("survives a server that is none", async () => {
    const other = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    const { failure } = await stateOf(open(`nats://127.0.0.1:${port}`), "disconnected");
    expect(failure?.code).toBe("stream.unavailable");
  });
});
