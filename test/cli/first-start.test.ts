import { spawn } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readStatus } from "../../src/telemetry/status-client.ts";
import { startStatusServer } from "../../src/telemetry/status-server.ts";
import { createTapHub } from "../../src/telemetry/tap-hub.ts";
import { openFolder, ordinaryUser, runCommand } from "../support/command-line.ts";
import { ManualClock } from "../support/manual-clock.ts";
import type { Ended } from "../support/run-to-end.ts";
import { waitUntil } from "../support/wait-until.ts";

const restOfSite = `sources: [{ kind: mqtt-broker, listen: "127.0.0.1:0" }]\n`;

/** A site in a folder that everybody may write; `gateway` is what is in that section. */
async function siteWith(gateway: string, more = ""): Promise<string> {
  const folder = await openFolder();
  await writeFile(join(folder, "sluicegate.yaml"), `gateway: ${gateway}\n${restOfSite}${more}`);
  return folder;
}

function expectWords(result: Ended, status: number, ...words: readonly string[]): void {
  expect(result.stderr).not.toMatch(/\n\s+at |internal\.bug/);
  for (const word of words) expect(result.stderr).toContain(word);
  expect(result.status).toBe(status);
}

describe("a start that cannot have what it needs", () => {
  it("says so for a data folder below one that this user may not write", async () => {
    const cwd = await siteWith("{ id: gw1, data: locked/data }");
    await mkdir(join(cwd, "locked"), { mode: 0o555 });
    const user = await ordinaryUser();
    for (const command of [["run", "gateway"], ["up"]]) {
      const result = await runCommand(command, { cwd, user });
      expectWords(result, 77, join(cwd, "locked/data"), "permission denied", "gateway.data");
    }
  });

  it("says so for a data folder that belongs to somebody else", async () => {
    const cwd = await siteWith("{ id: gw1, data: data }");
    await mkdir(join(cwd, "data"));
    await chmod(join(cwd, "data"), 0);
    const result = await runCommand(["run", "gateway"], { cwd, user: await ordinaryUser() });
    await chmod(join(cwd, "data"), 0o700);
    expectWords(result, 77, join(cwd, "data"), "permission denied");
  });

  it("says so for data that is a file, or below one", async () => {
    for (const data of ["taken", "taken/data"]) {
      const cwd = await siteWith(`{ id: gw1, data: ${data} }`);
      await writeFile(join(cwd, "taken"), "");
      for (const command of [["run", "gateway"], ["run", "notifier"], ["up"]])
        expectWords(await runCommand(command, { cwd }), 77, join(cwd, "taken"), "file");
    }
  });

  it("says so for a status socket where this user may not make one", async () => {
    const cwd = await siteWith("{ id: gw1 }", "status: { socket: locked/s.sock }\n");
    await mkdir(join(cwd, "locked"), { mode: 0o555 });
    const result = await runCommand(["run", "gateway"], { cwd, user: await ordinaryUser() });
    expectWords(result, 77, join(cwd, "locked/s.sock"), "permission denied", "status.socket");
  });

  it("says so for a configuration that is a folder, is missing or may not be read", async () => {
    const cwd = await openFolder();
    await writeFile(join(cwd, "mine.yaml"), "gateway: { id: gw1 }\n", { mode: 0o000 });
    const user = await ordinaryUser();
    const run = (file: string) => runCommand(["run", "gateway", "-c", file], { cwd, user });
    expectWords(await run("."), 78, "it is a folder");
    expectWords(await run("none.yaml"), 78, "none.yaml", "there is no such file", "--config");
    expectWords(await run("mine.yaml"), 78, "mine.yaml", "permission denied");
  });

  it("says so for a port that is taken", async () => {
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const cwd = await openFolder();
    await writeFile(
      join(cwd, "sluicegate.yaml"),
      `gateway: { id: gw1 }\nsources: [{ kind: mqtt-broker, listen: "127.0.0.1:${port}" }]\n`,
    );
    const result = await runCommand(["run", "gateway"], { cwd });
    expectWords(result, 75, `127.0.0.1:${port}`, "another program has the port");
  });
});

describe("a status socket of somebody else", () => {
  it("is not taken for a process that does not run", async () => {
    const cwd = await openFolder();
    const server = await startStatusServer({
      questions: {},
      socket: join(cwd, "s.sock"),
      status: () => ({}),
      metrics: () => "",
      taps: createTapHub(),
      clock: new ManualClock(),
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    await chmod(join(cwd, "s.sock"), 0);
    const user = await ordinaryUser();
    const result = await runCommand(["status", "--socket", join(cwd, "s.sock")], { cwd, user });
    await server.stop();
    expectWords(result, 6, join(cwd, "s.sock"), "permission denied", "sudo -u");
  });
});

describe("a first start of an ordinary user", () => {
  it("keeps its data beside the configuration file", async () => {
    const cwd = await siteWith("{ id: gw1 }");
    const { ids, program } = await ordinaryUser();
    const child = spawn(process.execPath, [program, "run", "gateway"], { cwd, ...ids });
    onTestFinished(() => void child.kill("SIGKILL"));
    const status = await waitUntil(
      () => readStatus(join(cwd, "data/sluicegate.sock")).catch(() => undefined),
      "the gateway answers",
    );
    expect(status).toHaveProperty("gateway.gateway", "gw1");
  });
});
