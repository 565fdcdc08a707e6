/**
 * The packages for other processors, by qemu, with the Node that Debian 13 and its Raspberry Pi OS have
 * there: 64 and 32 bits.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { version } from "../../src/app/version.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { emulationMissing, emulators, foreignTree } from "../support/foreign-tree.ts";
import { JournaledProcess } from "../support/journaled-process.ts";
import { natsServer } from "../support/nats-server.ts";
import { publishOnce } from "../support/publish-once.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const home = fileURLToPath(new URL("../..", import.meta.url));
const missing = emulationMissing();
if (missing) process.stdout.write(`not run: the packages for other processors (${missing})\n`);

describe.skipIf(missing).each(["arm64", "armhf"] as const)("the package for %s", (architecture) => {
  let packages = "";
  let command: string[] = [];
  let program = "";

  beforeAll(async () => {
    packages = await mkdtemp(join(tmpdir(), "sluicegate-packages-"));
    const script = join(home, "deploy/debian/build-packages.ts");
    execFileSync("npx", ["tsx", script, packages, version, architecture], {
      cwd: home,
      stdio: ["ignore", "ignore", "inherit"],
    });
    const tree = await foreignTree(architecture);
    const [name = ""] = await readdir(packages);
    execFileSync("dpkg-deb", ["-x", join(packages, name), packages]);
    program = join(packages, "usr/lib/sluicegate", version);
    command = [emulators[architecture], "-L", tree, join(tree, "usr/bin/node")];
  });
  afterAll(() => rm(packages, { recursive: true, force: true }));

  const node = (...args: readonly string[]) => {
    const [emulator = "", ...rest] = command;
    return spawnSync(emulator, [...rest, ...args], { encoding: "utf8" });
  };

  it("runs, and says which version it is", () => {
    expect(node(join(program, "dist/sluicegate.js"), "--version").stdout).toBe(`${version}\n`);
  });

  it("has what opens serial ports on such a machine", () => {
    const bindings = join(program, "node_modules/@serialport/bindings-cpp");
    const open = `require(${JSON.stringify(bindings)}).autoDetect()
      .open({ path: "/dev/null", baudRate: 9600 }).catch((failure) => console.log(failure.message))`;
    expect(node("-e", open)).toMatchObject({
      stdout: expect.stringMatching(/Inappropriate ioctl|TCGETS|not permitted/),
      stderr: "",
    });
  });

  it("brings a message to a nats-server", async () => {
    const folder = await tempFolder();
    const nats = await natsServer();
    const port = await freePort();
    const configPath = join(folder, "sluicegate.yaml");
    await writeFile(
      configPath,
      `site: plant-a
gateway: { id: gw1, data: state }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:${port}" }]
backbone: { servers: ["${nats.url}"] }
`,
    );
    const gateway = new JournaledProcess(join(folder, "journal"));
    const dist = join(program, "dist/sluicegate.js");
    gateway.start(...command, dist, "run", "gateway", "--config", configPath);
    onTestFinished(async () => void (await gateway.end("SIGKILL")));
    await waitUntil(
      () => gateway.journal().includes("sluicegate is up"),
      "it is up",
      3_000_000,
      300,
    );
    await publishOnce(
      `mqtt://127.0.0.1:${port}`,
      "tele/greenhouse/SENSOR",
      '{"DS18B20":{"Id":"1","Temperature":21.4},"TempUnit":"C"}',
    );
    const waiting = ["buffer", "wait-drained", "--timeout", "1000s", "--config", configPath];
    const drained = spawnSync(process.execPath, [join(home, "dist/sluicegate.js"), ...waiting], {
      encoding: "utf8",
    });
    expect(drained.status, drained.stderr).toBe(0);
    expect(await gateway.end("SIGTERM")).toBe(0);
  });
});
