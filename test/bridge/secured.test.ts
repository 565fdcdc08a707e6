/** A bridge with an MQTT broker and an HTTP server that show certificates, and want to see some. */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { promisify } from "node:util";
import { connectAsync } from "mqtt";
import { describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { startBridge } from "../support/bridging.ts";
import type { CertificateFiles, TestAuthority } from "../support/certificates.ts";
import { publishRecords, reading } from "../support/gateway-stream.ts";
import { setUpStreams } from "../support/history.ts";
import { authorities, linkSecrets, triedIds, tries, user } from "../support/link-tries.ts";
import { mosquittoProcess } from "../support/mosquitto-process.ts";
import { tempFolder } from "../support/temp-folder.ts";

const patient = { timeout: 90_000 };
describe("a bridge to MQTT over TLS", () => {
  async function broker(server: CertificateFiles, own: TestAuthority, more: readonly string[]) {
    return mosquittoProcess([
      ...[`cafile ${own.files.cert}`, `certfile ${server.cert}`, `keyfile ${server.key}`],
      ...more,
    ]);
  }

  async function listen(port: number, options: object): Promise<readonly string[]> {
    const received: string[] = [];
    const client = await connectAsync({
      ...{ host: "127.0.0.1", port, protocol: "mqtts", protocolVersion: 5 },
      ...options,
    });
    onTestFinished(() => void client.end(true));
    client.on("message", (_topic, _payload, { properties }) =>
      received.push(String(properties?.userProperties?.["id"])),
    );
    await client.subscribeAsync("#", { qos: 2 });
    return received;
  }

  test("shows its certificate, believes one CA, and says what is wrong with others", async () => {
    const { other, own, plant, server, stranger } = await authorities(await tempFolder());
    const { port } = await broker(server, own, ["require_certificate true", "tls_version tlsv1.2"]);
    const as = await linkSecrets({ ca: own, as: plant });
    const received = await listen(port, {
      ca: Buffer.from(as.ca ?? ""),
      cert: Buffer.from(as.cert ?? ""),
      key: Buffer.from(as.key ?? ""),
    });

    await tries(
      { name: "office", kind: "mqtt", url: `mqtts://127.0.0.1:${port}` },
      [
        { secrets: await linkSecrets({ ca: other, as: plant }), says: /certificate/ },
        { secrets: await linkSecrets({ as: plant }), says: /certificate/ },
        {
          secrets: await linkSecrets({ ca: own }),
          says: /alert|certificate required|handshake|closed|ECONNRESET/,
        },
        {
          secrets: await linkSecrets({ ca: own, as: stranger }),
          says: /unknown ca|alert|closed|ECONNRESET/,
        },
      ],
      as,
    );
    await expect.poll(() => received.toSorted(), patient).toEqual(triedIds);
  });

  test("says that a password is wrong, and goes on with the right one", async () => {
    const folder = await tempFolder();
    const { own, server } = await authorities(folder);
    await writeFile(`${folder}/users`, "plant:right\nlistener:heard\n", { mode: 0o600 });
    await promisify(execFile)("mosquitto_passwd", ["-U", `${folder}/users`]);
    const rules = ["allow_anonymous false", `password_file ${folder}/users`];
    const { port } = await broker(server, own, rules);
    const received = await listen(port, {
      ca: await readFile(own.files.cert),
      username: "listener",
      password: "heard",
    });

    await tries(
      { name: "office", kind: "mqtt", url: `mqtts://127.0.0.1:${port}`, ...user("plant") },
      [
        {
          secrets: await linkSecrets({ ca: own, password: "wrong" }),
          says: /refused user or password|not authorized/,
        },
      ],
      await linkSecrets({ ca: own, password: "right" }),
    );
    await expect.poll(() => received.toSorted(), patient).toEqual(triedIds);
  });
});

describe("a bridge to HTTP over TLS", () => {
  test("shows its certificate, believes one CA, and says what is wrong with others", async () => {
    const { other, own, plant, server, stranger } = await authorities(await tempFolder());
    const { taken, url } = await httpsServer(server, own, () => true);

    await tries(
      { name: "hub", kind: "http", url },
      [
        { secrets: await linkSecrets({ ca: other, as: plant }), says: /no answer: .*certificate/ },
        { secrets: await linkSecrets({ as: plant }), says: /no answer: .*certificate/ },
        {
          secrets: await linkSecrets({ ca: own }),
          says: /no answer: .*(alert|certificate|hang up|ECONNRESET|EPIPE)/,
        },
        {
          secrets: await linkSecrets({ ca: own, as: stranger }),
          says: /no answer: .*(alert|certificate|hang up|ECONNRESET|EPIPE)/,
        },
      ],
      await linkSecrets({ ca: own, as: plant }),
    );
    expect(taken.toSorted()).toEqual(triedIds);
  });

  test("says that a token and a password are wrong, and goes on with the right ones", async () => {
    const { own, plant, server } = await authorities(await tempFolder());
    const right = `Basic ${Buffer.from("plant:right").toString("base64")}`;
    const { taken, url } = await httpsServer(server, own, (shown) => shown === right);
    const secrets = (password: string) => linkSecrets({ ca: own, as: plant, password });

    await tries(
      { name: "hub", kind: "http", url, ...user("plant") },
      [{ secrets: await secrets("wrong"), says: /401/ }],
      await secrets("right"),
    );
    expect(taken.toSorted()).toEqual(triedIds);
  });

  test("does not believe a certificate of another name", async () => {
    const { own, plant } = await authorities(await tempFolder());
    const elsewhere = await own.sign("elsewhere", 30, "DNS:elsewhere.example");
    const { url } = await httpsServer(elsewhere, own, () => true);
    const { url: backboneUrl, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, [reading("f1", 1, 0)]);
    const secrets = await linkSecrets({ ca: own, as: plant });
    const bridge = startBridge(backbone, backboneUrl, [{ name: "hub", kind: "http", url }], {
      secrets: () => secrets,
    });
    await expect
      .poll(() => bridge.state().targets[0]?.failing?.reason, patient)
      .toMatch(/127\.0\.0\.1.*(not in the cert|does not match)/i);
  });

  async function httpsServer(
    files: CertificateFiles,
    clients: TestAuthority,
    lets: (authorization: string | undefined) => boolean,
  ) {
    const taken: string[] = [];
    const tls = {
      cert: await readFile(files.cert),
      key: await readFile(files.key),
      ca: await readFile(clients.files.cert),
      requestCert: true,
      rejectUnauthorized: true,
    };
    const server = createServer(tls, (request, answer) => {
      request.resume();
      request.on("end", () => {
        const isIn = lets(request.headers.authorization);
        if (isIn) taken.push(String(request.headers["ce-id"]));
        answer.writeHead(isIn ? 204 : 401).end();
      });
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { taken, url: `https://127.0.0.1:${port}/events` };
  }
});
