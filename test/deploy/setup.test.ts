import { spawnSync } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";

const script = new URL("../../deploy/setup.sh", import.meta.url).pathname;
/** What the script itself runs, beside what it looks for. */
const ownTools = ["env", "sed", "tail", "id", "uname", "true", "dirname"];

/**
 * A machine that has nothing but what the test puts there. The script is a copy in which the
 * system's folders are folders of this machine, for the real ones have servers in them.
 */
async function machine() {
  const root = await tempFolder();
  const bin = join(root, "bin");
  const sbin = join(root, "sbin");
  const tools = join(root, "tools");
  const initd = join(root, "init.d");
  const deploy = join(root, "deploy");
  for (const folder of [bin, sbin, tools, initd, deploy, join(root, "systemd")])
    await mkdir(folder);
  // These lead to the system's own programs: nothing is ever written into this folder again.
  for (const tool of ownTools) await symlink(`/usr/bin/${tool}`, join(tools, tool));
  const text = await readFile(script, "utf8");
  expect(text).toMatch(/^usual_folders=/m);
  const copy = join(deploy, "setup.sh");
  await writeFile(
    copy,
    text
      .replace(/^usual_folders=.*$/m, `usual_folders=${sbin}`)
      .replaceAll("/run/systemd/system", join(root, "systemd"))
      .replaceAll("/etc/init.d", initd),
  );
  const journal = join(root, "journal");
  await writeFile(journal, "");
  return {
    bin,
    sbin,
    initd,
    async program(folder: string, name: string, lines: string) {
      const path = join(folder, name);
      // "wx" never follows a link and never replaces a file.
      const text = `#!/bin/sh\necho "${name} $*" >>${journal}\n${lines}\n`;
      await writeFile(path, text, { flag: "wx", mode: 0o755 });
      return path;
    },
    /** A program that is there and does nothing. */
    async has(...names: string[]) {
      for (const name of names) await this.program(bin, name, "");
    },
    /** Where a nats-server of today is looked for. */
    current: join(root, ".cache/bin/nats-server"),
    /** A Go that installs whatever it is asked for. */
    hasGo() {
      return this.program(bin, "go", '/bin/mkdir -p "$GOBIN"; : >"$GOBIN/nats-server"');
    },
    /** A package manager that brings a nats-server of this version, and any other package. */
    aptBringing(version: string) {
      return this.program(
        bin,
        "apt-get",
        `for word in "$@"; do package=$word; done
         case $* in *install*) printf '#!/bin/sh\\necho nats-server: v${version}\\n' >${sbin}/$package
         /bin/chmod +x ${sbin}/$package ;; esac`,
      );
    },
    run(args: string[] = [], env: Record<string, string> = {}) {
      const { status, stdout, stderr } = spawnSync("/bin/sh", [copy, ...args], {
        env: { PATH: `${bin}:${tools}`, ...env },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      return { status, stdout, stderr };
    },
    async journal() {
      return (await readFile(journal, "utf8")).split("\n").slice(0, -1);
    },
  };
}

const quiet = { status: 0, stdout: "", stderr: "" };

describe("setup.sh", () => {
  test("says nothing when nats-server is on PATH", async () => {
    const { bin, program, run } = await machine();
    await program(bin, "nats-server", "echo nats-server: v2.9.10");
    expect(run()).toEqual(quiet);
  });

  test("finds it where PATH does not look", async () => {
    const { sbin, program, run } = await machine();
    await program(sbin, "nats-server", "echo nats-server: v2.10.22");
    expect(run()).toEqual(quiet);
  });

  test("takes NATS_SERVER_BIN before anything else", async () => {
    const { bin, sbin, program, run } = await machine();
    await program(bin, "nats-server", "echo nats-server: v2.9.10");
    const old = await program(sbin, "other", "echo nats-server: v2.8.4");
    expect(run([], { NATS_SERVER_BIN: old })).toMatchObject({ status: 1 });
    expect(run([], { NATS_SERVER_BIN: "/nowhere/nats-server" })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("nothing is there"),
    });
  });

  test.each(["2.8.4", "1.99.0", "0.0.1"])(
    "refuses version %s and says what to do",
    async (version) => {
      const { bin, program, run } = await machine();
      const path = await program(bin, "nats-server", `echo nats-server: v${version}`);
      const { status, stderr } = run();
      expect(status).toBe(1);
      expect(stderr).toBe(
        `setup: ${path} is version ${version}; 2.9 or newer is needed: ` +
          "update it, or set NATS_SERVER_BIN to a newer one\n",
      );
    },
  );

  test.each(["2.9.0", "2.12.1", "3.0.0", "12.1.0"])("takes version %s", async (version) => {
    const { bin, program, run } = await machine();
    await program(bin, "nats-server", `echo nats-server: v${version}`);
    expect(run()).toEqual(quiet);
  });

  test("refuses a program that does not run", async () => {
    const { bin, program, run } = await machine();
    await program(bin, "nats-server", "echo broken library >&2; exit 127");
    expect(run()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("-v: broken library"),
    });
  });

  test("installs with apt-get after an update, and switches the service off that comes with it", async () => {
    const site = await machine();
    await site.aptBringing("2.9.10");
    await site.has("systemctl");
    await site.program(site.bin, "id", "echo 0");
    const { status, stdout } = site.run();
    expect(stdout.split("\n")).toEqual([
      "setup: missing: nats-server",
      "setup: apt-get update",
      "setup: apt-get install nats-server",
      expect.stringContaining("systemctl disable --now nats-server"),
      `setup: nats-server 2.9.10 is at ${site.sbin}/nats-server`,
      "setup: done",
      "",
    ]);
    expect(status).toBe(0);
    expect((await site.journal()).filter((line) => !line.startsWith("id"))).toEqual([
      expect.stringMatching(/^apt-get .*update$/),
      expect.stringMatching(/^apt-get .*install -y --no-install-recommends nats-server$/),
      "systemctl disable --now nats-server",
    ]);
    expect(site.run()).toEqual(quiet);
  });

  test("stops the service by its script where systemd does not run", async () => {
    const site = await machine();
    await site.aptBringing("2.9.10");
    await site.program(site.bin, "id", "echo 0");
    await site.program(site.initd, "nats-server", "");
    expect(site.run().stdout).toContain(`stopping it (${site.initd}/nats-server stop)\n`);
    expect(await site.journal()).toContain("nats-server stop");
  });

  test("goes through sudo where it is not root, without waiting for a password", async () => {
    const site = await machine();
    await site.aptBringing("2.9.10");
    await site.has("systemctl");
    await site.program(site.bin, "id", "echo 1000");
    await site.program(site.bin, "sudo", '[ "$1" = -n ] || exit 1\nshift\nexec "$@"');
    expect(site.run().status).toBe(0);
    const calls = await site.journal();
    expect(calls.filter((line) => line.startsWith("sudo")).length).toBeGreaterThanOrEqual(3);
    expect(calls.some((line) => line.startsWith("sudo") && line.includes("apt-get"))).toBe(true);
  });

  test("says what an administrator must do where there is no sudo, or it refuses", async () => {
    const site = await machine();
    await site.aptBringing("2.9.10");
    await site.program(site.bin, "id", "echo 1000");
    const advice = "let an administrator run apt-get install -y nats-server";
    expect(site.run()).toMatchObject({ status: 1, stderr: expect.stringContaining(advice) });
    await site.program(site.bin, "sudo", "echo password needed >&2; exit 1");
    expect(site.run()).toMatchObject({ status: 1, stderr: expect.stringContaining(advice) });
    expect((await site.journal()).some((line) => line.startsWith("apt-get"))).toBe(false);
  });

  test("installs what the tests need only when asked, and only what is missing", async () => {
    const site = await machine();
    await site.aptBringing("2.9.10");
    await site.program(site.bin, "nats-server", "echo nats-server: v2.9.10");
    await site.program(site.bin, "id", "echo 0");
    await site.hasGo();
    await site.has("systemctl", "socat", "mosquitto_pub", "victoria-metrics", "promtool");
    expect(site.run()).toEqual(quiet);
    const { status, stdout } = site.run(["--test"]);
    expect(status).toBe(0);
    expect(stdout).toContain("setup: missing: mosquitto strace prometheus-alertmanager\n");
    expect(stdout).toContain("setup: missing for the tests of the historian: influxdb\n");
    expect(stdout).toMatch(
      /^setup: go install github.com\/nats-io\/nats-server\/v2@v2\.\d+\.\d+$/m,
    );
    expect(await site.journal()).toContain("systemctl disable --now mosquitto");
    expect(await site.journal()).toContain("systemctl disable --now influxdb");
    await site.has("influxd");
    expect(site.run(["--test"])).toEqual(quiet);
  });

  test("builds a current nats-server with Go, says where it is, and does without where there is no Go", async () => {
    const site = await machine();
    await site.program(site.bin, "nats-server", "echo nats-server: v2.9.10");
    const without = site.run(["--current"]);
    expect(without.status).toBe(0);
    expect(without.stdout).toContain("the tests that need one will not be run");
    await site.hasGo();
    expect(site.run(["--current"]).stdout).toContain(
      `setup: the current nats-server is ${site.current}\n`,
    );
    expect(site.run(["--current"])).toEqual({
      ...quiet,
      stdout: `setup: the current nats-server is ${site.current}\n`,
    });
    const other = { NATS_SERVER_CURRENT_BIN: site.bin };
    expect(site.run(["--current"], other).stdout).toContain(`is ${site.bin}\n`);
    expect((await site.journal()).filter((line) => line.startsWith("go"))).toHaveLength(1);
  });

  test("installs what the fault campaign needs, and does without what cannot be had", async () => {
    const site = await machine();
    await site.program(site.bin, "nats-server", "echo nats-server: v2.9.10");
    await site.program(site.bin, "id", "echo 0");
    await site.program(
      site.bin,
      "apt-get",
      'case $* in *install*user-mode-linux) echo "E: no such package"; exit 100 ;; esac',
    );
    await site.has("insmod", "dmsetup", "mkfs.ext4", "mkfs.f2fs", "mount", "tar", "ip");
    await site.has("strace", "ping", "faketime", "influxd", "victoria-metrics");
    const { status, stdout } = site.run(["--faults"]);
    expect(stdout.split("\n")).toEqual([
      "setup: missing for the fault campaign: user-mode-linux nftables",
      "setup: apt-get update",
      "setup: apt-get install user-mode-linux",
      "setup: without user-mode-linux; the arms that need it will not be run",
      "setup: apt-get install nftables",
      "",
    ]);
    expect(status).toBe(0);
  });

  test("fetches Kafka by Maven for the tests of the bridge, and goes on where that fails", async () => {
    const site = await machine();
    await site.program(site.bin, "nats-server", "echo nats-server: v2.9.10");
    await site.has("mosquitto", "rabbitmq-server", "java");
    await site.program(site.bin, "mvn", "exit 1");
    const { status, stdout } = site.run(["--bridge"]);
    expect(stdout).toContain("cannot fetch Kafka; the tests that need it will not be run");
    expect(status).toBe(0);
  });

  test("goes on without the fault campaign's tools where nothing can be installed", async () => {
    const site = await machine();
    await site.program(site.bin, "nats-server", "echo nats-server: v2.9.10");
    expect(site.run(["--faults"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("cannot install packages here"),
    });
  });

  test("shows what apt-get said when it fails", async () => {
    const site = await machine();
    await site.program(site.bin, "id", "echo 0");
    await site.program(site.bin, "apt-get", "echo E: no such package; exit 100");
    const { status, stdout, stderr } = site.run();
    expect(status).toBe(1);
    expect(stdout).toContain("apt-get update had trouble");
    expect(stderr).toContain("E: no such package\nsetup: apt-get could not install nats-server\n");
  });

  test("refuses an installed version that is too old", async () => {
    const site = await machine();
    await site.aptBringing("2.1.9");
    await site.has("systemctl");
    await site.program(site.bin, "id", "echo 0");
    expect(site.run()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("is version 2.1.9; 2.9 or newer is needed"),
    });
  });

  test("installs with brew on a Mac, never as root, and does not look for strace there", async () => {
    const site = await machine();
    await site.program(site.bin, "uname", "echo Darwin");
    await site.program(site.bin, "id", "echo 501");
    await site.has("mosquitto", "socat");
    await site.program(
      site.bin,
      "brew",
      `printf '#!/bin/sh\\necho nats-server: v2.12.0\\n' >${site.bin}/nats-server
       /bin/chmod +x ${site.bin}/nats-server`,
    );
    expect(site.run(["--test"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("setup: brew install nats-server\n"),
    });
    expect(await site.journal()).toContain("brew install nats-server");
  });

  test("says what to install by hand where there is no package manager it knows", async () => {
    const { run } = await machine();
    expect(run(["--test"])).toMatchObject({
      status: 1,
      stderr:
        "setup: neither apt-get nor brew is here: install by hand:" +
        " nats-server mosquitto socat mosquitto-clients strace prometheus-alertmanager\n",
    });
  });

  test("refuses a wrong command line", async () => {
    const { run } = await machine();
    expect(run(["--tests"])).toMatchObject({ status: 2, stderr: expect.stringContaining("usage") });
  });
});
