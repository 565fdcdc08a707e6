import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import { freePort } from "../../../src/demo/free-port.ts";
import { TestAuthority } from "../../support/certificates.ts";
import { mosquittoProcess } from "../../support/mosquitto-process.ts";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { publishOnce } from "../../support/publish-once.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openSource } from "./open-source.ts";

/** A second port of a Mosquitto: it does not start with one for WebSocket alone. */
async function webSocketMosquitto(more: readonly string[] = []): Promise<number> {
  const port = await freePort();
  await mosquittoProcess([`listener ${port} 127.0.0.1`, "protocol websockets", ...more]);
  return port;
}

describe("a broker outside over WebSocket", () => {
  it("is a broker like any other: messages large and small, in both versions", async () => {
    const port = await webSocketMosquitto();
    for (const version of [5, "3.1.1"] as const) {
      const url = `ws://127.0.0.1:${port}`;
      const { sink, source } = await openSource({ url, version });
      await waitUntil(() => source.link?.isConnected, "it is connected");
      expect(source.address).toBe(`ws://127.0.0.1:${port}/mqtt`);
      await publishOnce(`${url}/mqtt`, "t/1", "small");
      await publishOnce(`${url}/mqtt`, "t/1", "x".repeat(30_000));
      await waitUntil(() => sink.payloads.length === 2, "both came");
      expect(sink.payloads.map(({ length }) => length)).toEqual([5, 30_000]);
      await source.stop();
    }
  });

  it("is spoken to through TLS, and one that cannot be trusted is told of", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluicegate-test-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const authority = await TestAuthority.create(folder, "authority");
    const { cert, key } = await authority.sign("broker");
    const port = await webSocketMosquitto([`certfile ${cert}`, `keyfile ${key}`]);
    const url = `wss://127.0.0.1:${port}`;
    const parts = { disk: nodeDisk, folder: await tempFolder() };
    const known = await openSource({ url, tls: { ca: authority.files.cert } }, parts);
    await waitUntil(() => known.source.link?.isConnected, "it is connected");
    const unknown = await openSource({ url });
    await waitUntil(() => unknown.sink.changes.length > 0, "it is said");
    expect(unknown.sink.changes[0]?.text).toMatch(/CA that is not known; name it in tls.ca/);
  });

  it("says what answers there when it is no such broker", async () => {
    const { port } = await mqttBroker();
    const plain = await openSource({ url: `ws://127.0.0.1:${port}` });
    await waitUntil(() => plain.sink.changes.length > 0, "it is said");
    expect(plain.sink.changes[0]?.text).toMatch(/WebSocket|hang up|cut the connection/);
    const web = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void web.close());
    const address = web.address();
    const webPort = typeof address === "object" ? address?.port : 0;
    const page = await openSource({ url: `ws://127.0.0.1:${webPort}/elsewhere` });
    await waitUntil(() => page.sink.changes.length > 0, "it is said");
    expect(page.sink.changes[0]?.text).toMatch(/404/);
  });
});
