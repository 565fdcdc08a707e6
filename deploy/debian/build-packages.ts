/**
 * Makes the Debian packages of the program that was built last: the same JavaScript for each
 * architecture, with what serial ports need there. Without one it makes all.
 *
 *   npm run build && tsx deploy/debian/build-packages.ts FOLDER [VERSION [ARCHITECTURE...]]
 */
import { execFileSync } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { version as ownVersion } from "../../src/app/version.ts";
import { bundleSettings } from "../bundle-settings.ts";
import { type Architecture, architectures, debianVersion, packDebian } from "./debian-archive.ts";
import { copySerialPackages } from "./serial-packages.ts";

const home = bundleSettings.absWorkingDir;
const here = join(home, "deploy/debian");
const [into = join(home, "release"), version = ownVersion, ...wanted] = process.argv.slice(2);
/** Where a version lies; the launcher goes by it. */
const place = join("usr/lib/sluicegate", version);

await mkdir(into, { recursive: true });
const work = await mkdtemp(join(tmpdir(), "sluicegate-debian-"));
try {
  const packed = await unpackNpmPackage(work);
  for (const architecture of architectures) {
    if (wanted.length > 0 && !wanted.includes(architecture)) continue;
    const archive = await buildFor(architecture, packed, join(work, architecture));
    process.stdout.write(`${archive}\n`);
  }
} finally {
  await rm(work, { recursive: true, force: true });
}

/** What npm would give users, without what only other ways of installing need. */
async function unpackNpmPackage(folder: string): Promise<string> {
  const quiet = ["--ignore-scripts", "--silent", "--pack-destination", folder];
  execFileSync("npm", ["pack", ...quiet], { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
  const archive = (await readdir(folder)).find((name) => name.endsWith(".tgz")) ?? "";
  execFileSync("tar", ["-xzf", join(folder, archive), "-C", folder]);
  const packed = join(folder, "package");
  await cp(join(packed, "deploy/systemd"), join(folder, "systemd"), { recursive: true });
  await rm(join(packed, "deploy"), { recursive: true });
  return packed;
}

async function buildFor(architecture: Architecture, packed: string, root: string): Promise<string> {
  const program = join(root, place);
  await cp(packed, program, { recursive: true });
  await copySerialPackages(home, join(program, "node_modules"), architecture);
  await cp(join(here, "first-configuration.sh"), join(program, "first-configuration.sh"));
  await cp(join(home, "deploy/systemd/serial.conf"), join(program, "serial.conf"));
  // The last one that is put there, since names are sorted: see the launcher.
  await writeFile(join(program, "whole"), "");
  await mkdir(join(root, "usr/bin"), { recursive: true });
  await cp(join(here, "sluicegate"), join(root, "usr/bin/sluicegate"));
  await chmod(join(root, "usr/bin/sluicegate"), 0o755);
  await addUnits(root);
  await addDocumentation(root);
  await addForShells(root, program);
  return packDebian(root, controlOf(architecture), await maintainerScripts(), into);
}

async function addUnits(root: string): Promise<void> {
  const folder = join(root, "usr/lib/systemd/system");
  await mkdir(folder, { recursive: true });
  for (const name of ["sluicegate.service", "sluicegate@.service"]) {
    const unit = await readFile(join(home, "deploy/systemd", name), "utf8");
    // Here it is known where the program is; another one on PATH is not meant.
    await writeFile(
      join(folder, name),
      unit.replaceAll("/usr/bin/env sluicegate", "/usr/bin/sluicegate"),
    );
  }
}

async function addDocumentation(root: string): Promise<void> {
  const folder = join(root, "usr/share/doc/sluicegate");
  await mkdir(folder, { recursive: true });
  await cp(join(here, "copyright"), join(folder, "copyright"));
  await cp(join(here, "README.md"), join(folder, "README.md"));
  await cp(join(home, "src/config/README.md"), join(folder, "configuration.md"));
  const changes = await readFile(join(home, "CHANGELOG.md"));
  await writeFile(join(folder, "CHANGELOG.md.gz"), gzipSync(changes, { level: 9 }));
}

/** Manual pages, and what completes commands: both are made by the program of the tree of commands. */
async function addForShells(root: string, program: string): Promise<void> {
  const pages = join(root, "usr/share/man/man1");
  await mkdir(pages, { recursive: true });
  for (const page of await readdir(join(program, "dist/man"))) {
    const text = await readFile(join(program, "dist/man", page));
    await writeFile(join(pages, `${page}.gz`), gzipSync(text, { level: 9 }));
  }
  await rm(join(program, "dist/man"), { recursive: true });
  const complete = join(root, "usr/share/bash-completion/completions");
  await mkdir(complete, { recursive: true });
  const args = [join(home, "dist/sluicegate.js"), "completion", "bash"];
  await writeFile(join(complete, "sluicegate"), execFileSync(process.execPath, args));
}

async function maintainerScripts(): Promise<Record<string, string>> {
  const scripts: Record<string, string> = {};
  for (const name of ["postinst", "prerm", "postrm"])
    scripts[name] = (await readFile(join(here, name), "utf8")).replaceAll("@VERSION@", version);
  return scripts;
}

function controlOf(architecture: Architecture): Record<string, string> {
  return {
    Package: "sluicegate",
    Version: debianVersion(version),
    Architecture: architecture,
    Maintainer: "Sluicegate maintainers <sluicegate@example.invalid>",
    Section: "net",
    Priority: "optional",
    Depends:
      "sluicegate-node | nodejs (>= 20.19), adduser, init-system-helpers (>= 1.54), libc6 (>= 2.28), libstdc++6",
    Recommends: "nats-server (>= 2.9)",
    Suggests: "mosquitto-clients, influxdb",
    Description: `IoT edge event gateway
 Takes what devices say by MQTT, Modbus and serial ports, keeps it on disk
 until a NATS JetStream backbone has it, exactly once and in order, and tells
 people of what goes wrong.`,
  };
}
