/**
 * The packages on a Debian of their own, with systemd: installed without a network, with events flowing,
 * upgraded, rolled back, torn in the middle, removed.
 */
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { version } from "../../src/app/version.ts";
import { brokenPackage } from "../support/broken-package.ts";
import {
  type DebianMachine,
  machineMissing,
  startDebianMachine,
} from "../support/debian-machine.ts";
import { waitUntil } from "../support/wait-until.ts";

const home = fileURLToPath(new URL("../..", import.meta.url));
const missing = machineMissing();
if (missing) process.stdout.write(`not run: the packages on a Debian (${missing})\n`);

function build(script: string, ...args: readonly string[]): void {
  const paths = [join(home, "deploy/debian", script), ...args];
  execFileSync("npx", ["tsx", ...paths], { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
}

describe.skipIf(missing)("the packages on a Debian", () => {
  let packages = "";
  let machine: DebianMachine;
  let before: string[] = [];
  const must = (line: string): string => machine.must(line);
  const status = (): string => must("sluicegate status --config /etc/sluicegate/sluicegate.yaml");
  const isActive = (unit: string) => () => machine.run(`systemctl is-active ${unit}`).status === 0;
  const send = (temperature: number) =>
    machine.run(
      "mosquitto_pub -h 127.0.0.1 -p 1883 -u device -P $(cat /etc/sluicegate/first-device-password) -q 1 " +
        `-t tele/greenhouse/SENSOR -m '{"Time":"2026-11-21T14:02:10","DS18B20":{"Id":"1",` +
        `"Temperature":${temperature}},"TempUnit":"C"}'`,
    );
  const exported = (): string =>
    must("sluicegate buffer export --config /etc/sluicegate/sluicegate.yaml");

  beforeAll(async () => {
    packages = await mkdtemp(join(tmpdir(), "sluicegate-packages-"));
    for (const folder of ["now", "next", "broken"]) {
      await cp(join(home, "deploy/install.sh"), join(packages, folder, "install.sh"));
    }
    // It takes minutes to pack; one that is there already is as good.
    const kept = process.env["SLUICEGATE_NODE_PACKAGE"];
    if (kept !== undefined) execFileSync("cp", [kept, join(packages, "now")]);
    else build("build-node.ts", join(packages, "now"), "amd64");
    build("build-packages.ts", join(packages, "now"), version, "amd64");
    build("build-packages.ts", join(packages, "next"), "9.9.9", "amd64");
    await brokenPackage(join(packages, "next"), join(packages, "broken"), "9.9.10");
    machine = await startDebianMachine(packages);
    before = machine.files();
  });
  afterAll(async () => {
    await machine?.stop();
    await rm(packages, { recursive: true, force: true });
  });

  it("are installed without a network, and the service is up when that is done", () => {
    const said = must("sh /mnt/now/install.sh");
    expect(said).toMatch(/^install: version \S+ runs$/m);
    expect(must("systemctl is-active sluicegate")).toBe("active\n");
    expect(must("systemctl show -P StatusText sluicegate")).toMatch(/^Linked to /);
    expect(must("systemctl show -P NRestarts sluicegate")).toBe("0\n");
    expect(must("sh /mnt/now/install.sh")).toMatch(/is here already, and runs$/m);
  });

  it("listen to this machine alone, to nobody without a password, and to no password of others", () => {
    const open = must("cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == \"0A\" { print $2 }'").trim();
    for (const address of open.split("\n")) expect(address).toMatch(/^(0100007F|0{24}01000000):/);
    expect(machine.run("mosquitto_pub -h 127.0.0.1 -p 1883 -q 1 -t t -m x").text).toContain(
      "bad user name or password",
    );
    expect(must("stat -c '%a %U' /etc/sluicegate/first-device-password")).toBe("600 root\n");
    expect(must("stat -c '%a %U:%G' /etc/sluicegate/sluicegate.yaml")).toBe(
      "640 root:sluicegate\n",
    );
    expect(must("grep 'id: raspberrypi-' /etc/sluicegate/sluicegate.yaml")).toMatch(
      /-[0-9a-f]{6} #/,
    );
    const secret = must("cat /etc/sluicegate/first-device-password").trim();
    expect(machine.run(`journalctl --no-pager | grep ${secret}`).status).toBe(1);
  });

  it("bring a device's message to the backbone", async () => {
    expect(send(21.4)).toEqual({ status: 0, text: "" });
    await waitUntil(
      () => /Link +linked/.test(status()) && / 0 waiting/.test(status()),
      "it is there",
    );
    expect(exported()).toMatch(/"subject":"tasmota-greenhouse".*"v":21\.4/);
  });

  it("read their files again by systemctl reload, which fails where these have faults", () => {
    must("cp /etc/sluicegate/sluicegate.yaml /tmp/right.yaml");
    must("echo 'devicez: []' >>/etc/sluicegate/sluicegate.yaml");
    expect(machine.run("systemctl reload sluicegate").status).not.toBe(0);
    expect(must("journalctl -u sluicegate --no-pager -o cat")).toContain("devicez");
    must("cp /tmp/right.yaml /etc/sluicegate/sluicegate.yaml");
    expect(machine.run("systemctl reload sluicegate")).toEqual({ status: 0, text: "" });
    expect(must("systemctl is-active sluicegate")).toBe("active\n");
  });

  it("are started again by the watchdog when the program hangs, with all that was acknowledged", async () => {
    const dropIn = "/run/systemd/system/sluicegate.service.d";
    must(`mkdir -p ${dropIn} && printf '[Service]\\nWatchdogSec=6\\n' >${dropIn}/soon.conf`);
    must("systemctl daemon-reload && systemctl restart sluicegate");
    expect(send(22.5).status).toBe(0);
    must("kill -STOP $(systemctl show -P MainPID sluicegate)");
    await waitUntil(
      () => must("systemctl show -P NRestarts sluicegate") === "1\n",
      "the watchdog bites",
      600_000,
      500,
    );
    await waitUntil(isActive("sluicegate"), "it is up again", 600_000, 500);
    expect(must("journalctl -u sluicegate --no-pager")).toContain("Watchdog timeout");
    expect(exported()).toContain('"v":22.5');
    must(`rm -r ${dropIn} && systemctl daemon-reload`);
  });

  it("hand secrets of root to the service, and nobody else reads them", () => {
    must("printf hush >/etc/sluicegate/credentials/token && systemctl restart sluicegate");
    const place = must("systemctl show -P MainPID sluicegate").trim();
    const shown = `nsenter -t ${place} -m cat /run/credentials/sluicegate.service/secret_token`;
    expect(must(shown)).toBe("hush");
    expect(
      machine.run("su -s /bin/sh nats -c 'cat /etc/sluicegate/credentials/token'").status,
    ).toBe(1);
  });

  it("are upgraded with the configuration and the units of the site as they are", async () => {
    must("echo '# of this site' >>/etc/sluicegate/sluicegate.yaml");
    must("mkdir -p /etc/systemd/system/sluicegate.service.d");
    must("printf '[Service]\\nNice=1\\n' >/etc/systemd/system/sluicegate.service.d/own.conf");
    const configuration = must("cat /etc/sluicegate/*.yaml");
    expect(must("sh /mnt/next/install.sh")).toContain("version 9.9.9 runs");
    expect(must("cat /etc/sluicegate/*.yaml")).toBe(configuration);
    expect(must("systemctl show -P Nice sluicegate")).toBe("1\n");
    const main = must("cat /proc/$(systemctl show -P MainPID sluicegate)/cmdline");
    expect(main).toContain("/usr/lib/sluicegate/9.9.9/");
    expect(exported()).toContain('"v":21.4');
  });

  it("go back by themselves when the new version does not start, and the data is read on", () => {
    const tried = machine.run("sh /mnt/broken/install.sh");
    expect(tried.status).toBe(1);
    expect(tried.text).toContain("9.9.10 did not start, and 9.9.9 runs again");
    expect(must("dpkg-query -W sluicegate")).toBe("sluicegate\t9.9.9\n");
    expect(send(23.6).status).toBe(0);
    expect(exported()).toMatch(/"v":21\.4.*"v":22\.5.*"v":23\.6/s);
  });

  it("go back when somebody wants that, and are not upgraded to what refuses the configuration", () => {
    must("sh /mnt/now/install.sh --rollback || true");
    must("dpkg -i /mnt/now/sluicegate_*_amd64.deb");
    expect(exported()).toContain('"v":23.6');
    must("cp /etc/sluicegate/sluicegate.yaml /tmp/right.yaml");
    must("echo 'devicez: []' >>/etc/sluicegate/sluicegate.yaml");
    const refused = machine.run("sh /mnt/next/install.sh");
    expect(refused.status).toBe(1);
    expect(refused.text).toContain("version 9.9.9 does not take /etc/sluicegate/sluicegate.yaml");
    expect(must("systemctl is-active sluicegate")).toBe("active\n");
    must("cp /tmp/right.yaml /etc/sluicegate/sluicegate.yaml");
  });

  it("run at whatever moment an installation was torn", () => {
    for (let kill = 0; kill < 12; kill += 1) {
      const folder = kill % 2 === 0 ? "next" : "now";
      const deferMs = 60 * kill;
      must(
        `dpkg --unpack /mnt/${folder}/sluicegate_*_amd64.deb >/dev/null 2>&1 & ` +
          `p=$!; sleep 0.${String(deferMs).padStart(3, "0")}; kill -9 $p 2>/dev/null; wait $p; true`,
      );
      expect(must("sluicegate --version")).toMatch(/^\d+\.\d+\.\d+/);
    }
    must("dpkg -i /mnt/next/sluicegate_*_amd64.deb");
    expect(must("systemctl is-active sluicegate")).toBe("active\n");
  });

  it("run roles of a hub as services of their own, beside Debian's nats-server", async () => {
    must("printf 'jetstream { store_dir: /tmp/js }\\n' >>/etc/nats-server.conf");
    must("systemctl restart nats-server");
    must(
      "printf 'backbone: { servers: [\"nats://127.0.0.1:4222\"] }\\n' >>/etc/sluicegate/sluicegate.yaml",
    );
    must("echo 'SLUICEGATE_COMMAND=\"run gateway\"' >/etc/default/sluicegate");
    must(
      "systemctl restart sluicegate && systemctl enable --now sluicegate@processor sluicegate@notifier",
    );
    expect(must("systemctl show -P StatusText sluicegate@processor")).toBe("Running processor\n");
    await waitUntil(() => /Link +linked/.test(status()), "the gateway is linked", 600_000, 300);
    const pid = must("systemctl show -P MainPID sluicegate@processor");
    must("dpkg -i /mnt/next/sluicegate_*_amd64.deb");
    expect(must("systemctl show -P MainPID sluicegate@processor")).not.toBe(pid);
    expect(must("systemctl is-active sluicegate@notifier")).toBe("active\n");
  });

  it("are removed with everything kept, and purged without a trace", () => {
    must("sh /mnt/now/install.sh --uninstall");
    expect(machine.run("systemctl is-active sluicegate@processor").status).not.toBe(0);
    expect(must("ls /etc/sluicegate /var/lib/sluicegate")).toContain("devices.yaml");
    must("sh /mnt/now/install.sh");
    expect(exported()).toContain('"v":23.6');
    expect(must("sh /mnt/now/install.sh --purge --yes")).toMatch(/removing \S+ of events/);
    must("systemctl stop nats-server; sed -i /jetstream/d /etc/nats-server.conf");
    const after = machine.files();
    const passing =
      /^\.\/var\/(cache\/(apt|debconf)|lib\/(apt|dpkg|systemd\/(timers|catalog))|backups|spool)\b/;
    const own = (list: readonly string[]) => list.filter((line) => !passing.test(line));
    expect(own(after)).toEqual(own(before));
    expect(machine.run("getent passwd sluicegate").status).not.toBe(0);
  });
});
