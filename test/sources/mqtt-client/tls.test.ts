import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import { freePort } from "../../../src/demo/free-port.ts";
import { type CertificateFiles, TestAuthority } from "../../support/certificates.ts";
import { mosquittoProcess } from "../../support/mosquitto-process.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openSource } from "./open-source.ts";

let authority: TestAuthority;
let stranger: TestAuthority;
let broker: CertificateFiles;
let expired: CertificateFiles;
let gateway: CertificateFiles;

beforeAll(async () => {
  const folder = await mkdtemp("/tmp/sluicegate-test-");
  authority = await TestAuthority.create(folder, "authority");
  stranger = await TestAuthority.create(folder, "stranger");
  broker = await authority.sign("broker");
  expired = await authority.sign("expired", -1);
  gateway = await authority.sign("gateway");
  return () => rm(folder, { recursive: true, force: true });
});

/** A Mosquitto that speaks TLS. */
function secureMosquitto({ cert, key }: CertificateFiles, more: readonly string[] = []) {
  return mosquittoProcess([
    `cafile ${authority.files.cert}`,
    `certfile ${cert}`,
    `keyfile ${key}`,
    ...more,
  ]);
}

/** What is said of the connection to a port. */
async function saidOf(url: string, tls?: object) {
  const entry = { url, ...(tls && { tls }) };
  const { sink, source } = await openSource(entry, { disk: nodeDisk, folder: await tempFolder() });
  await waitUntil(() => sink.changes.length > 0, "it is said");
  const [change] = sink.changes;
  expect(source.link?.isConnected).toBe(change?.state === "online");
  await source.stop();
  return change?.state === "online" ? "connected" : String(change?.text);
}

describe("TLS to a broker outside", () => {
  it("is spoken with one whose certificate the named CA vouches for", async () => {
    const { port } = await secureMosquitto(broker);
    const ca = authority.files.cert;
    expect(await saidOf(`mqtts://127.0.0.1:${port}`, { ca })).toBe("connected");
    expect(await saidOf(`mqtts://localhost:${port}`, { ca })).toBe("connected");
  });

  it("is not spoken with one that nobody known vouches for, unless that is asked for", async () => {
    const { port } = await secureMosquitto(broker);
    const url = `mqtts://127.0.0.1:${port}`;
    expect(await saidOf(url)).toMatch(/CA that is not known; name it in tls.ca/);
    expect(await saidOf(url, { ca: stranger.files.cert })).toMatch(/certificate is vouched for by/);
    expect(await saidOf(url, { verify: false })).toBe("connected");
  });

  it("says that a certificate has expired, or is for another name", async () => {
    const ca = authority.files.cert;
    const old = await secureMosquitto(expired);
    expect(await saidOf(`mqtts://127.0.0.1:${old.port}`, { ca })).toMatch(/has expired/);
    const { port } = await secureMosquitto(broker);
    const other = { ca, server_name: "broker.example" };
    expect(await saidOf(`mqtts://127.0.0.1:${port}`, other)).toMatch(
      /is for .*localhost, not for broker.example; write its name in tls.server_name/,
    );
  });

  it("shows a certificate where the broker asks for one, and says that it asks", async () => {
    const { port } = await secureMosquitto(broker, [
      "allow_anonymous false",
      "require_certificate true",
      "use_identity_as_username true",
    ]);
    const url = `mqtts://127.0.0.1:${port}`;
    const ca = authority.files.cert;
    expect(await saidOf(url, { ca, ...gateway })).toBe("connected");
    expect(await saidOf(url, { ca })).toMatch(/wants a certificate; write tls.cert and tls.key/);
  });

  it("lives on where a certificate is none any more and nobody is at the port", async () => {
    const folder = await tempFolder();
    const cert = join(folder, "gateway.pem");
    await copyFile(gateway.cert, cert);
    const url = `mqtts://127.0.0.1:${await freePort()}`;
    const { sink, source } = await openSource(
      { url, tls: { cert, key: gateway.key } },
      { disk: nodeDisk, folder },
    );
    await waitUntil(() => sink.changes.length > 0, "it is said that nobody is there");
    const none = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
    await writeFile(cert, none);
    await waitUntil(
      () => source.link?.reason?.includes("ERR_OSSL"),
      "it is said that the certificate is none",
    );
  });

  it("says who speaks plain to a port for TLS, and TLS to a plain one", async () => {
    const secure = await secureMosquitto(broker);
    expect(await saidOf(`mqtt://127.0.0.1:${secure.port}`)).toMatch(/mqtts:\/\//);
    const plain = await mosquittoProcess();
    expect(await saidOf(`mqtts://127.0.0.1:${plain.port}`)).toMatch(/speak TLS on this port/);
  });
});
