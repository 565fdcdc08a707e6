import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { type Backbone, openBackbone } from "../../src/stream/backbone.ts";
import { connectInTime } from "../../src/stream/connect-in-time.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { type CertificateFiles, TestAuthority } from "../support/certificates.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

let folder: string;
let authority: TestAuthority;
let stranger: TestAuthority;
let hub: CertificateFiles;
let gateway: CertificateFiles;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluicegate-test-"));
  authority = await TestAuthority.create(folder, "plant");
  await mkdir(join(folder, "elsewhere"));
  stranger = await TestAuthority.create(join(folder, "elsewhere"), "elsewhere");
  [hub, gateway] = await Promise.all([authority.sign("hub"), authority.sign("gw1")]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A server that takes gw1 and nobody else, by the name in its certificate. */
function mutualServer(files: CertificateFiles = hub) {
  return natsServer({
    configuration: `
    tls { cert_file: "${files.cert}", key_file: "${files.key}", ca_file: "${authority.files.cert}"
          verify_and_map: true, timeout: 5 }
    authorization { users: [ { user: "CN=gw1" } ] }
  `,
  });
}

type Tls = Readonly<Record<string, string>>;

function backbone(url: string, tls: Tls): Backbone {
  const opened = openBackbone(backboneOptions.parse({ servers: [url], tls }), {
    name: "gw1",
    clock: systemClock,
    random: () => 0,
    logger: silentLogger,
    metrics: silentMetrics,
    backoff: { baseMs: 20, maxMs: 50 },
  });
  onTestFinished(() => opened.close());
  return opened;
}

/** What came of an attempt: the server, or why there is none. */
function outcomeOf({ state }: Pick<Backbone, "state">): string {
  return state.kind === "connected" ? "connected" : (state.failure?.message ?? "");
}

async function attempt(url: string, tls: Tls): Promise<string> {
  const opened = backbone(url, tls);
  await waitUntil(() => outcomeOf(opened) !== "", "an answer");
  const outcome = outcomeOf(opened);
  await opened.close();
  return outcome;
}

const ca = () => ({ ca: authority.files.cert });

describe("The connection to the backbone by TLS", () => {
  test("is made with the certificate that the server maps to a user, and with no other", async () => {
    const { url } = await mutualServer();
    const [forged, expired, other] = await Promise.all([
      stranger.sign("gw1"),
      authority.sign("gw1-expired", -1),
      authority.sign("gw2"),
    ]);
    expect(await attempt(url, { ...ca(), ...gateway })).toBe("connected");
    for (const refused of [{}, forged, expired]) {
      const opened = backbone(url, { ...ca(), ...refused });
      // Its words may get lost with the connection, which is tried again.
      await waitUntil(
        () => /name ours in backbone.tls.cert/.test(outcomeOf(opened)),
        "the refusal",
      );
      await opened.close();
    }
    expect(await attempt(url, { ...ca(), ...other })).toMatch(/uthorization/);
  });

  test("is not made to a server that is not who it should be, and says what to do", async () => {
    const [foreign, over] = await Promise.all([
      stranger.sign("hub"),
      authority.sign("hub-over", -1),
    ]);
    const [{ url }, { url: strange }, { url: late }] = await Promise.all([
      mutualServer(),
      mutualServer(foreign),
      mutualServer(over),
    ]);
    expect(await attempt(strange, { ...ca(), ...gateway })).toMatch(
      /name its CA in backbone.tls.ca/,
    );
    expect(await attempt(late, { ...ca(), ...gateway })).toMatch(/its certificate is over/);
    const wrongName = { ...ca(), ...gateway, server_name: "elsewhere.example" };
    expect(await attempt(url, wrongName)).toMatch(/backbone.tls.server_name/);
    const rightName = { ...wrongName, server_name: "localhost" };
    expect(await attempt(url, rightName)).toBe("connected");
  });

  test("is made to a server that is named by its address, where its certificate has that", async () => {
    const [byAddress, byName] = await Promise.all([
      authority.sign("hub-address", 1, "IP:127.0.0.1"),
      authority.sign("hub-name", 1, "DNS:localhost"),
    ]);
    const [{ url }, { url: named }] = await Promise.all([
      mutualServer(byAddress),
      mutualServer(byName),
    ]);
    expect(await attempt(url, { ...ca(), ...gateway })).toBe("connected");
    expect(await attempt(named, { ...ca(), ...gateway })).toMatch(/backbone.tls.server_name/);
    const patience = { servers: [named], timeoutMs: 10, advice: "start one" };
    const opened = backbone(named, { ...ca(), ...gateway });
    await waitUntil(() => outcomeOf(opened) !== "", "the refusal");
    await expect(connectInTime(opened, patience)).rejects.toThrow(/certificate is of another name/);
  });

  test("is not made without TLS where the configuration demands it", async () => {
    const { url } = await natsServer();
    expect(await attempt(url, ca())).toMatch(/tls/);
  });

  test("shows a renewed certificate when it is made again, without a restart", async () => {
    const { url } = await mutualServer();
    const folder = await tempFolder();
    const files = { cert: join(folder, "c.crt"), key: join(folder, "c.key") };
    await writeFile(files.cert, "half a file");
    await copyFile(gateway.key, files.key);
    const opened = backbone(url, { ...ca(), ...files });
    await waitUntil(() => outcomeOf(opened) !== "", "a refusal");
    expect(outcomeOf(opened)).toMatch(/backbone.tls.cert: there is no PEM/);
    await copyFile(gateway.cert, `${files.cert}.new`);
    await rename(`${files.cert}.new`, files.cert);
    await waitUntil(() => opened.state.kind === "connected", "the connection");
  });
});
