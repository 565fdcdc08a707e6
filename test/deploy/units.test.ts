/** The units of systemd, as far as they can be judged where no systemd runs. */
import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isHere } from "../support/programs-here.ts";
import { tempFolder } from "../support/temp-folder.ts";

const units = fileURLToPath(new URL("../../deploy/systemd", import.meta.url));
const below = "etc/systemd/system";

/** A root folder with the units, and the drop-in for serial ports where that is wanted. */
async function rootWithUnits({ serial }: { serial: boolean }): Promise<string> {
  const root = await tempFolder();
  for (const unit of ["sluicegate.service", "sluicegate@.service", "nats-server.service"]) {
    await mkdir(join(root, below, `${unit}.d`), { recursive: true });
    await cp(join(units, unit), join(root, below, unit));
    if (serial) await cp(join(units, "serial.conf"), join(root, below, `${unit}.d`, "serial.conf"));
  }
  return root;
}

/** The settings of a unit, without what is said about them. */
async function settingsOf(unit: string): Promise<string[]> {
  const lines = (await readFile(join(units, unit), "utf8")).split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

describe.runIf(isHere("systemd-analyze", "--version"))("the units", () => {
  it.each(["sluicegate.service", "sluicegate@processor.service", "nats-server.service"])(
    "are such that systemd takes them: %s",
    async (unit) => {
      const root = join(await rootWithUnits({ serial: true }), below);
      const args = ["verify", "--man=no", "--recursive-errors=no", join(root, unit)];
      // A place for instances is needed for the template.
      if (unit.includes("@"))
        await cp(join(root, "sluicegate@.service"), join(root, unit), { force: true });
      const { status, stderr } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
      expect(stderr).toBe("");
      expect(status).toBe(0);
    },
  );

  it.each([
    { unit: "sluicegate.service", serial: false, most: 1.5 },
    { unit: "sluicegate@processor.service", serial: false, most: 1.5 },
    { unit: "sluicegate.service", serial: true, most: 1.4 },
    { unit: "nats-server.service", serial: false, most: 1.5 },
  ])("expose little: $unit, serial ports $serial", async ({ unit, serial, most }) => {
    const root = await rootWithUnits({ serial });
    const args = [`--root=${root}`, "security", "--offline=true", "--threshold=15", unit];
    const { status, stdout } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    expect(status).toBe(0);
    const exposure = /exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1];
    expect(Number(exposure)).toBeLessThanOrEqual(most);
  });
});

/** What a line of `Environment=`, or `ENV` of the image, sets. */
function setting(name: string, text: string): string | undefined {
  return new RegExp(`^[^#\\n]*\\b${name}=(\\S+)`, "m").exec(text)?.[1];
}

describe("the environment of a service", () => {
  const texts = ["systemd/sluicegate.service", "systemd/sluicegate@.service", "Dockerfile"].map(
    (path) => readFile(join(units, "..", path), "utf8"),
  );

  it.each(["NODE_OPTIONS", "MALLOC_ARENA_MAX"])(
    "keeps memory as small in units and in the image: %s",
    async (name) => {
      const [first, ...others] = (await Promise.all(texts)).map((text) => setting(name, text));
      expect(first).toBeDefined();
      expect(others).toEqual([first, first]);
    },
  );

  it("is one that Node takes, and in which the space of new objects stays small", async () => {
    const options = setting("NODE_OPTIONS", await (texts[0] ?? ""));
    const program = `
      let kept = [];
      for (let n = 0; n < 3e6; n += 1) if (n % 1e5 === 0) kept = []; else kept.push({ n });
      const spaces = require("node:v8").getHeapSpaceStatistics();
      console.log(spaces.find(({ space_name }) => space_name === "new_space").space_size);`;
    const sizeWith = (env: Record<string, string>): number => {
      const args = { env: { ...process.env, ...env }, encoding: "utf8" } as const;
      return Number(spawnSync(process.execPath, ["-e", program], args).stdout);
    };
    const small = sizeWith({ NODE_OPTIONS: options ?? "" });
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThan(sizeWith({ NODE_OPTIONS: "" }) / 2);
  });
});

describe("the unit of a role", () => {
  it("is the unit of a box but for its command", async () => {
    const box = await settingsOf("sluicegate.service");
    const role = await settingsOf("sluicegate@.service");
    const isOwn = (line: string) => /Description=|SLUICEGATE_COMMAND|env sluicegate run/.test(line);
    expect(role.filter((line) => !isOwn(line))).toEqual(box.filter((line) => !isOwn(line)));
    expect(role.some((line) => line.includes("sluicegate run %i "))).toBe(true);
  });
});

describe("the unit of nats-server", () => {
  it("starts a file of deploy/nats, where its streams may lie", async () => {
    const settings = (await settingsOf("nats-server.service")).join("\n");
    const [, config = ""] = /NATS_CONFIG=\/etc\/nats\/(\S+)/.exec(settings) ?? [];
    const text = await readFile(join(units, "../nats", config), "utf8");
    const [, streams = ""] = /store_dir: "\/var\/lib\/(\w+)"/.exec(text) ?? [];
    expect(settings).toContain(`StateDirectory=${streams}\n`);
    const [, seconds = ""] = /lame_duck_duration: (\d+)s/.exec(text) ?? [];
    const [, most = ""] = /TimeoutStopSec=(\d+)/.exec(settings) ?? [];
    expect(Number(most)).toBeGreaterThan(Number(seconds));
  });
});

describe.runIf(isHere("shellcheck", "--version"))("shell scripts", () => {
  it("are such that shellcheck has nothing to say", () => {
    const { stdout: tracked } = spawnSync("git", ["ls-files", "deploy", ".ci"], {
      cwd: join(units, "../.."),
      encoding: "utf8",
    });
    const scripts = tracked
      .split("\n")
      .filter((path) =>
        /\.sh$|\.ci\/run$|debian\/(sluicegate|preinst|postinst|prerm|postrm)$/.test(path),
      );
    expect(scripts).toContain("deploy/setup.sh");
    const { stdout } = spawnSync("shellcheck", scripts, {
      cwd: join(units, "../.."),
      encoding: "utf8",
    });
    expect(stdout).toBe("");
  });
});
