import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { promisify } from "node:util";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import type { AuditFacts } from "../../../src/core/audit.ts";
import type { Fault } from "../../../src/core/fault.ts";
import type { Source } from "../../../src/core/message.ts";
import { mqttBroker as kind } from "../../../src/sources/mqtt-broker/kind.ts";
import { parseCertifiedUsers } from "../../../src/sources/mqtt-broker/users.ts";
import type { TlsMaterial } from "../../../src/tls/tls-material.ts";
import { type CertificateFiles, TestAuthority } from "../../support/certificates.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { mqttBroker, RecordingSink } from "../../support/mqtt-broker.ts";
import { noAgain } from "../../support/no-again.ts";
import { silentLogger } from "../../support/silence.ts";
import { sourceSurroundings } from "../../support/source-surroundings.ts";
import { waitUntil } from "../../support/wait-until.ts";

const run = promisify(execFile);

let folder: string;
let authority: TestAuthority;
let stranger: TestAuthority;
let gateway: CertificateFiles;
let freezer: CertificateFiles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluicegate-test-"));
  authority = await TestAuthority.create(folder, "plant");
  stranger = await TestAuthority.create(await mkdtemp(join(folder, "elsewhere-")), "elsewhere");
  gateway = await authority.sign("gateway");
  freezer = await authority.sign("freezer-07");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function materialOf(files: CertificateFiles, ca?: string): Promise<TlsMaterial> {
  return {
    cert: await readFile(files.cert),
    key: await readFile(files.key),
    ca: ca === undefined ? undefined : await readFile(ca),
  };
}

const tls = { cert: "g.crt", key: "g.key" };
const mutualTls = { ...tls, client_ca: "ca.crt" };

async function connected(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const ca = await readFile(authority.files.cert);
  const client = await mqtt.connectAsync(url, { ca, reconnectPeriod: 0, ...options }, false);
  client.on("error", () => {});
  onTestFinished(() => client.endAsync(true));
  return client;
}

async function identity({ cert, key }: CertificateFiles): Promise<IClientOptions> {
  return { cert: await readFile(cert), key: await readFile(key) };
}

describe("a broker with certificates", () => {
  test("speaks TLS, and takes messages as it does without", async () => {
    const { port, sink } = await mqttBroker({ tls }, { tls: await materialOf(gateway) });
    const client = await connected(`mqtts://127.0.0.1:${port}`);
    for (const qos of [0, 1, 2] as const) await client.publishAsync("d1/t", `at ${qos}`, { qos });
    await waitUntil(() => sink.payloads.length === 3, "three messages");
    expect(sink.payloads).toEqual(["at 0", "at 1", "at 2"]);
  });

  test("is spoken to by mosquitto_pub", async () => {
    const { port, sink } = await mqttBroker({ tls }, { tls: await materialOf(gateway) });
    const address = ["-h", "127.0.0.1", "-p", String(port), "--cafile", authority.files.cert];
    await run("mosquitto_pub", [...address, "-q", "1", "-t", "d1/t", "-m", "x".repeat(100_000)]);
    expect(sink.payloads[0]?.length).toBe(100_000);
  });

  test("takes the name in a device's certificate for the device, whatever it says itself", async () => {
    const { port, sink } = await mqttBroker(
      { tls: mutualTls },
      { tls: await materialOf(gateway, authority.files.cert) },
    );
    const client = await connected(`mqtts://127.0.0.1:${port}`, {
      ...(await identity(freezer)),
      username: "mast",
      password: "of somebody else",
    });
    await client.publishAsync("mast/t", "1", { qos: 1 });
    expect(sink.messages[0]?.device).toBe("freezer-07");
  });

  test("lets nobody in without a certificate, or with one of another authority", async () => {
    const { broker, port } = await mqttBroker(
      { tls: mutualTls },
      { tls: await materialOf(gateway, authority.files.cert) },
    );
    const forged = await identity(await stranger.sign("freezer-07"));
    await expect(connected(`mqtts://127.0.0.1:${port}`)).rejects.toThrow();
    await expect(connected(`mqtts://127.0.0.1:${port}`, forged)).rejects.toThrow();
    await waitUntil(() => broker.refusals.length === 2, "both refusals");
    const reasons = broker.refusals.map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(["bad-certificate", "no-certificate"]);
  });

  test("lets nobody in whose certificate is over, or who speaks TLS 1.1", async () => {
    const { broker, port, sink } = await mqttBroker(
      { tls: mutualTls },
      { tls: await materialOf(gateway, authority.files.cert) },
    );
    const url = `mqtts://127.0.0.1:${port}`;
    const over = await identity(await authority.sign("freezer-old", -1));
    await expect(connected(url, over)).rejects.toThrow();
    await waitUntil(() => broker.refusals.length === 1, "the refusal");
    expect(broker.refusals[0]?.reason).toBe("bad-certificate");
    const own = await identity(freezer);
    const old = { ...own, maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await expect(connected(url, old)).rejects.toThrow();
    const usual = await connected(url, { ...own, maxVersion: "TLSv1.2" } as IClientOptions);
    await usual.publishAsync("d1/t", "x", { qos: 1 });
    expect(sink.messages).toHaveLength(1);
  });

  test("gives who has a certificate the rights of the user of that name, and others none", async () => {
    const users = parseCertifiedUsers([{ user: "freezer-07", publish: ["cold/#"] }]);
    if (!users.ok) throw new Error("the users are wrong");
    const { broker, port, sink } = await mqttBroker(
      { tls: mutualTls, users: { file: "u" } },
      { tls: await materialOf(gateway, authority.files.cert), users: users.value },
    );
    const client = await connected(`mqtts://127.0.0.1:${port}`, await identity(freezer));
    await client.publishAsync("cold/7", "1", { qos: 1 });
    expect(sink.messages[0]?.device).toBeUndefined();
    const other = await identity(await authority.sign("mast-01"));
    await expect(connected(`mqtts://127.0.0.1:${port}`, other)).rejects.toThrow(/uthorized|Bad/);
    expect(broker.refusals[0]?.reason).toBe("bad-credentials");
  });

  test("shows renewed certificates to newcomers, and keeps those who are connected", async () => {
    const clock = new ManualClock(Date.now());
    const files = { cert: join(folder, "live.crt"), key: join(folder, "live.key") };
    await copyFile(gateway.cert, files.cert);
    await copyFile(gateway.key, files.key);
    const sink = new RecordingSink();
    const journal: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => void journal.push(text) };
    const source = await opened(files, { clock, disk: nodeDisk, logger, sink });
    const url = `mqtts://${source.address}`;
    const first = await connected(url);
    const renewed = await authority.sign("gateway-renewed");
    await copyFile(renewed.cert, files.cert);
    await waitUntil(async () => {
      await clock.advance(10_000);
      return journal.length > 0;
    }, "the half of the renewal that is no pair");
    expect(await nameShownAt(source)).toBe("gateway");
    await copyFile(renewed.key, files.key);
    await waitUntil(async () => {
      await clock.advance(10_000);
      return (await nameShownAt(source)) === "gateway-renewed";
    }, "the new certificate");
    await first.publishAsync("d1/t", "still here", { qos: 1 });
    expect(sink.payloads).toEqual(["still here"]);
  });

  test("each renewal stands in the audit log once, and each that cannot be used", async () => {
    const clock = new ManualClock(Date.now());
    const files = { cert: join(folder, "audited.crt"), key: join(folder, "audited.key") };
    await copyFile(gateway.cert, files.cert);
    await copyFile(gateway.key, files.key);
    const noted: AuditFacts[] = [];
    const audit = { note: (facts: AuditFacts) => void noted.push(facts), count() {} };
    const source = await opened(files, { audit, clock, disk: nodeDisk, sink: new RecordingSink() });
    const told = (): string[] => noted.map(({ action, outcome }) => `${action} ${outcome}`);
    const looks = async (until: number): Promise<void> => {
      await waitUntil(async () => {
        await clock.advance(10_000);
        return noted.length >= until;
      }, `${until} are noted`);
      // Who looks again and again says nothing new.
      for (let look = 0; look < 5; look += 1) {
        await clock.advance(10_000);
        await nameShownAt(source);
      }
    };
    /** In one step, so that no look finds half of it. */
    const put = async (text: string | Buffer, path: string): Promise<void> => {
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    };
    const next = await authority.sign("gateway-audited");
    await put(await readFile(next.cert), files.cert);
    await looks(1);
    expect(told()).toEqual(["certificate failed"]);
    await put(await readFile(next.key), files.key);
    await looks(2);
    expect(told()).toEqual(["certificate failed", "certificate done"]);
    expect(noted[1]).toMatchObject({
      ...{ by: "sluicegate", target: files.cert },
      text: expect.stringContaining("CN=gateway-audited"),
    });
    await put("no certificate", files.cert);
    await looks(3);
    expect(told()).toEqual(["certificate failed", "certificate done", "certificate failed"]);
  });
});

test("200 clients stay while the certificate is renewed 100 times, and newcomers see each", async () => {
  const clock = new ManualClock(Date.now());
  const files = { cert: join(folder, "often.crt"), key: join(folder, "often.key") };
  const renewals = [gateway, await authority.sign("gateway-2")];
  const take = async ({ cert, key }: CertificateFiles): Promise<void> => {
    await copyFile(key, files.key);
    await copyFile(cert, files.cert);
  };
  await take(gateway);
  const sink = new RecordingSink();
  const source = await opened(files, { clock, disk: nodeDisk, logger: silentLogger, sink });
  const url = `mqtts://${source.address}`;
  const clients: MqttClient[] = [];
  for (let n = 0; n < 20; n += 1)
    clients.push(
      ...(await Promise.all(Array.from({ length: 10 }, () => connected(url, { keepalive: 0 })))),
    );
  let closed = 0;
  for (const client of clients) client.on("close", () => (closed += 1));
  for (let n = 1; n <= 100; n += 1) {
    await take(renewals[n % 2] ?? gateway);
    const name = n % 2 === 0 ? "gateway" : "gateway-2";
    await waitUntil(async () => {
      await clock.advance(10_000);
      return (await nameShownAt(source)) === name;
    }, `renewal ${n}`);
  }
  expect(closed).toBe(0);
  await Promise.all(clients.map((client, n) => client.publishAsync(`d${n}/t`, "1", { qos: 1 })));
  expect(sink.payloads).toHaveLength(200);
});

test("a list of revoked certificates in the file of the CA counts", async () => {
  const stolen = await authority.sign("stolen");
  const ca = join(folder, "ca-with-list.crt");
  await writeFile(
    ca,
    [await readFile(authority.files.cert), await authority.revoke(stolen)].join("\n"),
  );
  const { broker, port } = await mqttBroker(
    { tls: mutualTls },
    { tls: await materialOf(gateway, ca) },
  );
  const url = `mqtts://127.0.0.1:${port}`;
  await expect(connected(url, await identity(stolen))).rejects.toThrow();
  await waitUntil(() => broker.refusals.length > 0, "the refusal");
  await connected(url, await identity(freezer));
});

async function opened(
  { cert, key }: CertificateFiles,
  surroundings: Parameters<typeof sourceSurroundings>[0],
): Promise<Source> {
  const open = await kind.load(
    { kind: "mqtt-broker", listen: "127.0.0.1:0", tls: { cert, key } },
    readingOf([]),
  );
  if (!open) throw new Error("there is nothing to open");
  const source = await open(sourceSurroundings(surroundings));
  onTestFinished(() => source.stop());
  return source;
}

function readingOf(faults: Fault[]) {
  return {
    report: (fault: Fault) => faults.push(fault),
    read: async () => undefined,
    again: noAgain,
    bytes: async (_field: readonly (string | number)[], path: string) => ({
      path,
      again: noAgain,
      bytes: await readFile(path),
    }),
  };
}

function nameShownAt({ address }: Source): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const port = Number(address.split(":").at(-1));
    const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN);
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

describe("a client that speaks what the port does not", () => {
  test("is told of in words, plain at a port with TLS", async () => {
    const { broker, port } = await mqttBroker({ tls }, { tls: await materialOf(gateway) });
    await expect(connected(`mqtt://127.0.0.1:${port}`)).rejects.toThrow();
    await waitUntil(() => broker.refusals.length > 0, "the refusal");
    expect(broker.refusals[0]).toMatchObject({
      reason: "plain-on-tls",
      last: { limit: "this port speaks TLS, and the client does not" },
    });
  });

  test("is told of in words, with TLS at a plain port", async () => {
    const { broker, port } = await mqttBroker();
    await expect(connected(`mqtts://127.0.0.1:${port}`)).rejects.toThrow();
    expect(broker.refusals[0]).toMatchObject({
      reason: "tls-on-plain",
      last: { limit: "this port speaks plain MQTT, and the client TLS" },
    });
  });

  test("is told of when it does not trust the certificate", async () => {
    const { broker, port } = await mqttBroker({ tls }, { tls: await materialOf(gateway) });
    const ca = await readFile(stranger.files.cert);
    await expect(connected(`mqtts://127.0.0.1:${port}`, { ca })).rejects.toThrow(/certificate/);
    await run("mosquitto_pub", [
      ...["-h", "127.0.0.1", "-p", String(port), "--cafile", stranger.files.cert],
      ...["-t", "a", "-m", "b"],
    ]).catch(() => {});
    await waitUntil(
      () => broker.refusals.some((one) => one.reason === "certificate-not-trusted"),
      "the reason",
    );
  });

  test("leaves nothing behind when the broker stops in the middle of its handshake", async () => {
    const { broker, port } = await mqttBroker({ tls }, { tls: await materialOf(gateway) });
    const socket = createConnection(port, "127.0.0.1");
    socket.on("error", () => {});
    await new Promise((resolve) => socket.once("connect", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    await broker.stop();
    await closed;
  });
});

describe("certificates that do not fit", () => {
  const faultsOf = async (files: Record<string, string>): Promise<Fault[]> => {
    const faults: Fault[] = [];
    await kind.load({ kind: "mqtt-broker", listen: "127.0.0.1:0", tls: files }, readingOf(faults));
    return faults;
  };

  test("are faults with their place", async () => {
    const { cert, key } = gateway;
    const of = async (files: Record<string, string>): Promise<unknown[]> =>
      (await faultsOf(files)).map(({ code, path }) => [code, path.join(".")]);
    const code = "config.bad-certificate";
    expect(await of({ cert, key: freezer.key })).toEqual([[code, "tls.key"]]);
    expect(await of({ cert: key, key })).toEqual([[code, "tls.cert"]]);
    expect(await of({ cert, key: cert })).toEqual([[code, "tls.key"]]);
    expect(await of({ cert, key, client_ca: key })).toEqual([[code, "tls.client_ca"]]);
    expect(await of({ cert, key, client_ca: authority.files.cert })).toEqual([]);
  });

  test("an address that others reach asks for users or certificates of devices", async () => {
    const faults: Fault[] = [];
    const entry = { kind: "mqtt-broker", listen: "0.0.0.0:8883" };
    const { cert, key } = gateway;
    await kind.load({ ...entry, tls: { cert, key } }, readingOf(faults));
    expect(faults.map(({ code }) => code)).toEqual(["config.anonymous-source"]);
    faults.length = 0;
    const client_ca = authority.files.cert;
    await kind.load({ ...entry, tls: { cert, key, client_ca } }, readingOf(faults));
    expect(faults).toEqual([]);
  });
});
