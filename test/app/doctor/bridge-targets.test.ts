/** What the doctor says of targets of bridges, with real servers where one runs here. */
import { readFile, writeFile } from "node:fs/promises";
import { createServer as createHttpsServer } from "node:https";
import { createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { freePort } from "../../../src/demo/free-port.ts";
import { TestAuthority } from "../../support/certificates.ts";
import { mosquittoProcess } from "../../support/mosquitto-process.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { webhookServer } from "../../support/webhook-server.ts";
import { examine } from "./fixture.ts";

async function found(folder: string, ...bridge: readonly object[]) {
  return examine("bridge.targets", { folder, config: { bridge } });
}

it("lets itself in at what works, and nothing is carried there", async () => {
  const folder = await tempFolder();
  const broker = await mosquittoProcess();
  const server = await webhookServer();
  const findings = await found(
    folder,
    { name: "office", kind: "mqtt", url: broker.url, client_id: "plant" },
    { name: "hub", kind: "http", url: server.url },
  );
  expect(findings).toMatchObject([
    { verdict: "ok", about: "office", what: "mqtt lets us in" },
    { verdict: "ok", about: "hub", what: "http lets us in" },
  ]);
  expect(server.posts).toMatchObject([{ body: "" }]);
});

it("tells of a password that is wrong, at a broker and at a server", async () => {
  const folder = await tempFolder();
  const password = { file: "password" };
  await writeFile(`${folder}/password`, "wrong\n", { mode: 0o600 });
  await writeFile(`${folder}/users`, "", { mode: 0o600 });
  const broker = await mosquittoProcess(["allow_anonymous false", `password_file ${folder}/users`]);
  const server = await webhookServer(() => 401);
  const user = { username: "plant", password };
  const findings = await found(
    folder,
    { name: "office", kind: "mqtt", url: broker.url, ...user },
    { name: "hub", kind: "http", url: server.url, ...user },
    { name: "gone", kind: "http", url: server.url, token: { file: "nowhere" } },
  );
  expect(findings).toMatchObject([
    { verdict: "error", what: expect.stringMatching(/not authorized|refused user or password/) },
    { verdict: "error", what: expect.stringContaining("it does not let us in: status 401") },
    { verdict: "error", what: expect.stringContaining("nowhere") },
  ]);
  expect(JSON.stringify(findings)).not.toContain("wrong\\n");
});

it("tells of a certificate that no CA of ours signed, and takes the one that it did", async () => {
  const folder = await tempFolder();
  const own = await TestAuthority.create(folder, "own");
  const other = await TestAuthority.create(folder, "other");
  const { cert, key } = await own.sign("server");
  const tls = { cert: await readFile(cert), key: await readFile(key) };
  const server = createHttpsServer(tls, (_, answer) => answer.writeHead(204).end());
  onTestFinished(() => void server.close());
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const broker = await mosquittoProcess([`certfile ${cert}`, `keyfile ${key}`]);
  const mqtts = `mqtts://127.0.0.1:${broker.port}`;
  const https = `https://127.0.0.1:${port}`;
  const by = ({ files }: TestAuthority) => ({ tls: { ca: files.cert } });
  const findings = await found(
    folder,
    { name: "a", kind: "mqtt", url: mqtts, ...by(own) },
    { name: "b", kind: "mqtt", url: mqtts, ...by(other) },
    { name: "c", kind: "http", url: https, ...by(own) },
    { name: "d", kind: "http", url: https, ...by(other) },
  );
  expect(findings.map(({ verdict }) => verdict)).toEqual(["ok", "error", "ok", "error"]);
  for (const at of [1, 3]) expect(findings[at]?.what).toMatch(/certificate/);
});

it("tells that nothing listens for Kafka and RabbitMQ", async () => {
  const port = await freePort();
  const findings = await found(
    await tempFolder(),
    { name: "plant", kind: "kafka", brokers: [`127.0.0.1:${port}`] },
    { name: "office", kind: "rabbitmq", url: `amqp://127.0.0.1:${port}` },
  );
  for (const finding of findings)
    expect(finding).toMatchObject({
      ...{ verdict: "error", what: expect.stringContaining("ECONNREFUSED") },
      next: expect.stringContaining("sluicegate doctor --only bridge.targets"),
    });
});

it("who says nothing is cut within the time of a check, of every kind at once", async () => {
  const server = createServer(() => {});
  onTestFinished(() => void server.close());
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const at = `127.0.0.1:${port}`;
  const findings = await examine("bridge.targets", {
    capMs: 5_000,
    config: {
      bridge: [
        { name: "a", kind: "kafka", brokers: [at], timeout: "60s" },
        { name: "b", kind: "rabbitmq", url: `amqp://${at}`, timeout: "60s" },
        { name: "c", kind: "mqtt", url: `mqtt://${at}`, timeout: "60s" },
        { name: "d", kind: "http", url: `http://${at}/`, timeout: "60s" },
      ],
    },
  });
  expect(findings.map(({ about }) => about)).toEqual(["a", "b", "c", "d"]);
  for (const { what } of findings) expect(what).toMatch(/: no /);
});
