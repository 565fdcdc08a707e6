import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { connect } from "node:tls";
import { describe, expect, it, onTestFinished } from "vitest";
import { readPageFiles } from "../../src/api/page/page-files.ts";
import { startWebServer, type WebServerParts } from "../../src/api/web-server.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { keepListening } from "../../src/app/web/keep-listening.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { TestAuthority } from "../support/certificates.ts";
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
