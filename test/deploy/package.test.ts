/**
 * The package as users get it: packed from a checkout that was never built, installed where nothing
 * else is, and started the way the service does.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const home = fileURLToPath(new URL("../..", import.meta.url));
/** It builds all, on a machine that may have much else to do. */
const slowestMs = 300_000;
const unitPath = join(home, "deploy", "systemd", "sluicegate.service");

/** Copies what git tracks, or would, and packs it there: other tests use this tree's `dist`. */
async function packAndInstall(root: string): Promise<string> {
  const checkout = join(root, "checkout");
  const prefix = join(root, "prefix");
  const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
    cwd: home,
    encoding: "utf8",
  });
  for (const file of files
    .split("\0")
    .filter((name) => name !== "" && existsSync(join(home, name)))) {
    await mkdir(dirname(join(checkout, file)), { recursive: true });
    await cp(join(home, file), join(checkout, file));
  }
  await symlink(join(home, "node_modules"), join(checkout, "node_modules"));
  const npm = (...args: string[]): string =>
    execFileSync("npm", args, {
      cwd: checkout,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  npm("pack", "--silent", "--pack-destination", root);
  const packed = (await readdir(root)).find((name) => name.endsWith(".tgz")) ?? "";
  // Offline: a dependency that the bundle needs would be missed here.
  const alone = ["--offline", "--omit=optional", "--ignore-scripts", "--silent"];
  npm("install", "--global", ...alone, "--prefix", prefix, join(root, packed));
  // Without the optional package; npm leaves some of what that needs.
  await rm(join(prefix, "lib/node_modules/sluicegate/node_modules"), {
    recursive: true,
    force: true,
  });
  return prefix;
}

/** The values of a setting of the unit, in order. */
async function unitSettings(name: string): Promise<string[]> {
  const lines = (await readFile(unitPath, "utf8")).replaceAll("\\\n", "").split("\n");
  return lines
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}

describe("the packed package", () => {
  let prefix = "";
  const installed = (): string => join(prefix, "lib", "node_modules", "sluicegate");

  let root = "";

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "sluicegate-test-"));
    prefix = await packAndInstall(root);
  }, slowestMs);
  afterAll(() => rm(root, { recursive: true, force: true }));

  it("needs no other package but for serial ports", async () => {
    const said = execFileSync(join(prefix, "bin", "sluicegate"), ["--version"], {
      encoding: "utf8",
    });
    expect(said).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("has its documentation, schemas, profiles and the licenses of what is bundled", async () => {
    for (const path of [
      "README.md",
      "devices/README.md",
      "src/rules/README.md",
      "config/schema/sluicegate.json",
      "devices/tasmota/sensor.yaml",
      "dist/sbom.cdx.json",
      "dist/answers/status-1.json",
      "deploy/systemd/sluicegate.service",
      "LICENSE",
    ]) {
      expect(existsSync(join(installed(), path)), path).toBe(true);
    }
    const licenses = await readFile(join(installed(), "dist", "THIRD-PARTY-NOTICES.txt"), "utf8");
    expect(licenses).toMatch(/^aedes \d/m);
    expect(licenses).toMatch(/^pino \d/m);
  });

  it("has every picture and every page that its first pages point to", async () => {
    for (const page of ["README.md", "src/console/README.md", "src/cli/README.md"]) {
      const text = await readFile(join(installed(), page), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        // Sources, and how they are tested, are where they are developed.
        if (/^(\.\.\/)*test\/|\.tsx?$/.test(target)) continue;
        const path = join(installed(), dirname(page), target);
        expect(existsSync(path), `${page}: ${target}`).toBe(true);
      }
    }
  });

  it("has nothing of how it is made, and nothing that runs when it is installed", async () => {
    const paths = await readdir(installed(), { recursive: true });
    const isSource = /\.tsx?$|^test\b|^src\/.*(?<!\.md|\.png)$/;
    expect(paths.filter((path) => isSource.test(path))).toEqual(
      paths.filter((path) => path.startsWith("src/") && !path.includes(".")),
    );
    const manifest = JSON.parse(await readFile(join(installed(), "package.json"), "utf8"));
    expect(manifest.dependencies).toBeUndefined();
    expect(Object.keys(manifest.optionalDependencies)).toEqual(["serialport"]);
    for (const script of ["preinstall", "install", "postinstall", "prepare"])
      expect(manifest.scripts[script], script).toBeUndefined();
  });

  it("is one that publint finds no fault with", async () => {
    const { messages } = await publint({ pkgDir: installed(), level: "suggestion", pack: false });
    expect(messages).toEqual([]);
  });

  it("brings a device's message to the backbone when it is started as the unit does", async () => {
    const folder = await tempFolder();
    const port = await freePort();
    const configPath = join(folder, "sluicegate.yaml");
    await writeFile(
      configPath,
      `site: plant-a
gateway: { id: gw1, data: state }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:${port}" }]
`,
    );
    const [command = ""] = await unitSettings("ExecStart");
    const environment = Object.fromEntries(
      (await unitSettings("Environment"))
        .flatMap((line) => line.split(" "))
        .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
    );
    const env = {
      ...environment,
      PATH: `${join(prefix, "bin")}:${dirname(process.execPath)}:${environment["PATH"]}`,
      HOME: folder,
    };
    const line = command.replace("/etc/sluicegate/sluicegate.yaml", configPath);
    const service = spawn("/bin/sh", ["-c", `exec ${line}`], { env, stdio: "pipe" });
    let said = "";
    for (const pipe of [service.stdout, service.stderr])
      pipe.on("data", (part: Buffer) => {
        said += part.toString("utf8");
      });
    const ended = new Promise((resolve) => service.once("exit", resolve));
    onTestFinished(async () => {
      service.kill("SIGKILL");
      await ended;
    });
    await waitUntil(() => said.includes("sluicegate is up"), "the service is up");

    const sluicegate = (...args: string[]) =>
      spawnSync("sluicegate", [...args, "--config", configPath], { env, encoding: "utf8" });
    const sent = spawnSync(
      "mosquitto_pub",
      ["-p", String(port), "-q", "1", "-t", "tele/greenhouse/SENSOR", "-m"].concat(
        '{"Time":"2026-11-21T14:02:10","DS18B20":{"Id":"1","Temperature":21.4},"TempUnit":"C"}',
      ),
      { encoding: "utf8" },
    );
    expect(sent.stderr).toBe("");
    const drained = sluicegate("buffer", "wait-drained", "--timeout", "50s");
    expect(drained.status, drained.stderr).toBe(0);
    const exported = sluicegate("buffer", "export").stdout;
    expect(exported).toMatch(/"subject":"tasmota-greenhouse".*"v":21\.4/);
    service.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});
