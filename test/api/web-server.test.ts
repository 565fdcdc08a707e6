import { mkdir, readFile, writeFile } from "node:fs/promises";
import { type RequestOptions, request } from "node:https";
import { connect, type TLSSocket } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { readPageFiles } from "../../src/api/page/page-files.ts";
import { startWebServer, type WebServerParts } from "../../src/api/web-server.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { keepListening } from "../../src/app/web/keep-listening.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { type CertificateFiles, TestAuthority } from "../support/certificates.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const app = { fetch: () => new Response("here") };

function parts(more: Partial<WebServerParts> = {}): WebServerParts {
  return {
    app,
    listen: { host: "127.0.0.1", port: 0 },
    clock: systemClock,
    logger: silentLogger,
    ...more,
  };
}

describe("The port of the console", () => {
  it("that is taken is told once and tried again, until it is free", async () => {
    const first = await startWebServer(parts());
    const clock = new ManualClock();
    const told: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void told.push(message) };
    const second = await keepListening(parts({ listen: first.address, clock, logger }));
    onTestFinished(() => second.stop());
    expect(second.address()).toBeUndefined();
    await clock.advance(20_000);
    expect(told).toEqual([expect.stringContaining("cannot serve the console on 127.0.0.1:")]);
    await first.stop();
    await waitUntil(async () => {
      await clock.advance(10_000);
      return second.address() !== undefined;
    }, "the port");
    expect(second.address()).toEqual(first.address);
  });

  it("is another where nobody named one and the usual is taken", async () => {
    const first = await startWebServer(parts());
    onTestFinished(() => first.stop());
    const listen = { ...first.address, orFreePort: true };
    const second = await startWebServer(parts({ listen }));
    onTestFinished(() => second.stop());
    expect(second.address.port).not.toBe(first.address.port);
    const answer = await fetch(`http://127.0.0.1:${second.address.port}/`);
    expect(await answer.text()).toBe("here");
  });

  it("speaks TLS 1.2 and newer, and goes on with another certificate", async () => {
    const authority = await TestAuthority.create(await tempFolder(), "ca");
    const make = async (name: string) => {
      const files = await authority.sign(name);
      return { cert: await readFile(files.cert), key: await readFile(files.key) };
    };
    const server = await startWebServer(parts({ tls: await make("before") }));
    onTestFinished(() => server.stop());
    const { port } = server.address;
    const subject = () =>
      new Promise<string | undefined>((resolve, reject) => {
        const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.destroy();
        });
        socket.on("error", reject);
      });
    expect(await subject()).toBe("before");
    server.renew(await make("after"));
    expect(await subject()).toBe("after");
    const old = request({
      port,
      host: "127.0.0.1",
      rejectUnauthorized: false,
      maxVersion: "TLSv1.1",
    });
    await expect(
      new Promise((resolve, reject) => old.on("response", resolve).on("error", reject).end()),
    ).rejects.toThrow();
  });
});

describe("A console that asks for certificates", () => {
  async function open() {
    const authority = await TestAuthority.create(await tempFolder(), "ca");
    const stranger = await TestAuthority.create(await tempFolder(), "stranger");
    const own = await authority.sign("console");
    const tls = {
      cert: await readFile(own.cert),
      key: await readFile(own.key),
      ca: await readFile(authority.files.cert),
    };
    const told: string[] = [];
    const logger = {
      ...silentLogger,
      warn: (_: string, fields?: object) => void told.push(JSON.stringify(fields)),
    };
    const server = await startWebServer(
      parts({ tls, logger, isKnownName: (name) => name === "ana" }),
    );
    onTestFinished(() => server.stop());
    const ask = async (files?: CertificateFiles, more: RequestOptions = {}): Promise<string> => {
      const identity = files && {
        cert: await readFile(files.cert),
        key: await readFile(files.key),
      };
      const wish = { port: server.address.port, host: "127.0.0.1", ca: tls.ca, agent: false };
      return new Promise((resolve) => {
        request({ ...wish, ...identity, ...more }, (response) =>
          response.resume().on("end", () => resolve(`status ${response.statusCode}`)),
        )
          .on("error", () => resolve("refused"))
          .end();
      });
    };
    return { ask, authority, server, stranger, tls, told };
  }

  it("lets in who shows one of somebody who is known, and nobody else", async () => {
    const { ask, authority, stranger, told } = await open();
    const ana = await authority.sign("ana");
    expect(await ask(ana)).toBe("status 200");
    expect(await ask()).toBe("refused");
    expect(await ask(await stranger.sign("ana"))).toBe("refused");
    expect(await ask(await authority.sign("bob"))).toBe("refused");
    expect(await ask(ana, { maxVersion: "TLSv1.1" })).toBe("refused");
    expect(await ask(await authority.sign("ana", -1))).toBe("refused");
    await waitUntil(() => told.length >= 5, "five refusals");
    expect(told.join()).toContain("its certificate is of bob");
  });

  it("keeps 100 lines open while its certificate is renewed 100 times", async () => {
    const { authority, server, tls } = await open();
    const ana = await authority.sign("ana");
    const [cert, key] = [await readFile(ana.cert), await readFile(ana.key)];
    const other = await authority.sign("console-2");
    const renewed = { ...tls, cert: await readFile(other.cert), key: await readFile(other.key) };
    const { port } = server.address;
    const line = (): Promise<TLSSocket> =>
      new Promise((resolve, reject) => {
        const socket = connect({ port, host: "127.0.0.1", ca: tls.ca, cert, key }, () =>
          resolve(socket),
        );
        socket.on("error", reject);
        onTestFinished(() => void socket.destroy());
      });
    const lines: TLSSocket[] = [];
    for (let n = 0; n < 100; n += 1) lines.push(await line());
    let closed = 0;
    for (const socket of lines) socket.on("close", () => (closed += 1));
    for (let n = 1; n <= 100; n += 1) {
      server.renew(n % 2 === 0 ? tls : renewed);
      const newcomer = await line();
      const shown = newcomer.getPeerCertificate().subject.CN;
      expect(shown).toBe(n % 2 === 0 ? "console" : "console-2");
      newcomer.destroy();
    }
    expect(closed).toBe(0);
    const answers = lines.map(
      (socket) =>
        new Promise<string>((resolve) => {
          socket.once("data", (bytes) => resolve(bytes.toString("latin1", 0, 15)));
          socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }),
    );
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["HTTP/1.1 200 OK"]));
  });
});

describe("The files of the page", () => {
  it("are those of its folder and of its assets, and nothing that is no file of a page", async () => {
    const folder = await tempFolder();
    await mkdir(`${folder}/assets`);
    await mkdir(`${folder}/deep`);
    for (const name of ["index.html", "assets/a.js", "assets/a.js.map", "deep/b.js", ".env"])
      await writeFile(`${folder}/${name}`, name);
    const files = await readPageFiles(nodeDisk, folder);
    const got = async (path: string) => (await files.answer(path, undefined)).text();
    expect(await got("/")).toBe("index.html");
    expect(await got("/assets/a.js")).toBe("assets/a.js");
    for (const path of ["/.env", "/deep/b.js", "/devices"])
      expect(await got(path)).toBe("index.html");
    for (const path of ["/assets/a.js.map", "/assets/", "/assets/__proto__"])
      expect((await files.answer(path, undefined)).status).toBe(404);
  });

  it("say how they come to be where they are not there", async () => {
    const files = await readPageFiles(nodeDisk, `${await tempFolder()}/none`);
    const answer = await files.answer("/", undefined);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain("npm run build");
  });
});
