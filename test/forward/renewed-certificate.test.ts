/** Certificates of both ends are renewed while events flow: none is lost, none comes twice. */
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "@nats-io/transport-node";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { type CertificateFiles, TestAuthority } from "../support/certificates.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { origin, startForwarding, stream, until } from "./rig.ts";

test("client and server go on with other certificates, of another authority, and every event is stored once", async () => {
  const folder = await tempFolder();
  const port = await freePort();
  const [first, second] = await Promise.all(
    ["first", "second"].map(async (name) => {
      await mkdir(join(folder, name));
      return TestAuthority.create(join(folder, name), name);
    }),
  );
  if (!first || !second) throw new Error("there is no authority");
  const own = {
    cert: join(folder, "own.crt"),
    key: join(folder, "own.key"),
    ca: join(folder, "ca.crt"),
  };
  const takeOwn = async (files: CertificateFiles, authority: TestAuthority): Promise<void> => {
    await copyFile(files.key, own.key);
    await copyFile(files.cert, own.cert);
    await copyFile(authority.files.cert, own.ca);
  };
  const start = async (authority: TestAuthority) => {
    const hub = await authority.sign("hub");
    const server = await startNatsServer({
      ...{ folder: join(folder, "nats"), port },
      configuration: `tls { cert_file: "${hub.cert}", key_file: "${hub.key}"
        ca_file: "${authority.files.cert}", verify: true, timeout: 5 }`,
    });
    onTestFinished(() => server.kill());
    return server;
  };
  await takeOwn(await first.sign("gw1"), first);
  const server = await start(first);
  const log = new MemoryLog(origin);
  const url = `tls://127.0.0.1:${port}`;
  startForwarding(url, log, { configuration: { tls: { ...own } } });
  log.appendMany(500);
  await until("the first are sent", () => log.confirmed?.seq === log.lastSeq);

  await server.stop();
  log.appendMany(500);
  await start(second);
  log.appendMany(500);
  await takeOwn(await second.sign("gw1"), second);
  await until("all are sent", () => log.confirmed?.seq === log.lastSeq);

  const [ca, cert, key] = await Promise.all(
    [own.ca, own.cert, own.key].map((file) => readFile(file, "utf8")),
  );
  const reader = await connect({
    servers: url,
    tls: { ca: ca ?? "", cert: cert ?? "", key: key ?? "" },
  });
  onTestFinished(() => reader.close());
  let stored = 0;
  const bodies = new Set<string>();
  await readWholeStream(reader, stream, ({ body }) => {
    stored += 1;
    bodies.add(Buffer.from(body).toString());
  });
  expect([stored, bodies.size]).toEqual([1_500, 1_500]);
});
