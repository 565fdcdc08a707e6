import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { describe, expect, it, onTestFinished } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { program } from "../support/gateway-program.ts";
import { natsServer } from "../support/nats-server.ts";
import { ptyProgram } from "../support/pty-program.ts";
import { publishOnce } from "../support/publish-once.ts";
import { roleProgram } from "../support/role-program.ts";
import { waitUntil } from "../support/wait-until.ts";

const rules = `version: 1
groups:
  - name: cold
    rules:
      - { alert: Warm, select: { metric: temperature }, severity: critical, condition: { threshold: { above: 5 } } }
      - { alert: Hot, evaluate: edge, severity: warning, select: { metric: temperature }, condition: { threshold: { above: 20 } } }
`;
const topic = (name: string) => `tele/${name}/SENSOR`;
const reading = (celsius: number) => `{"DS18B20":{"Temperature":${celsius}},"TempUnit":"C"}`;

/** A gateway with two devices, one of them too warm. */
async function site() {
  const cwd = await openFolder();
  const server = await natsServer();
  await writeFile(join(cwd, "rules.yaml"), rules);
  const configuration = "rules: { files: [rules.yaml] }\nprocessor: { discover_every: 200ms }\n";
  const gateway = await gatewayProcess({ folder: cwd, natsUrl: server.url, configuration });
  await gateway.start();
  await publishOnce(gateway.mqttUrl, topic("greenhouse"), reading(21.4));
  await publishOnce(gateway.mqttUrl, topic("cellar"), reading(-4));
  return { cwd, gateway };
}

const top = `${execPath} ${program} top`;

describe("sluicegate top on a terminal", () => {
  it("shows how all is, takes keys, says when nobody answers any more, and goes on when one is back", async () => {
    const { cwd, gateway } = await site();
    const processor = roleProgram({
      role: "processor",
      configPath: gateway.configPath,
      folder: cwd,
    });
    onTestFinished(() => processor.kill());
    processor.start();
    const pty = await ptyProgram(`${top} ; echo "exit $?"`, { folder: cwd });
    const { screen } = pty;
    const shows = (pattern: RegExp, what: string) =>
      waitUntil(() => pattern.test(screen.text), `it shows ${what}`).catch((thrown) => {
        throw new Error(`${thrown.message}\n${screen.text}`);
      });
    await shows(/^ sluicegate top {3}plant-a\/gw1 {3}up \w+ .* UTC$/m, "which one it is");
    await shows(/^Link {6}Linked for \w+ {3}127/m, "the link");
    await shows(/^Buffer {4}0 events wait {3}.* of /m, "the buffer");
    await shows(
      /^ {2}▲ critical {2}Warm {2}tasmota-greenhouse {2}unacknowledged .* hub$/m,
      "an alert",
    );
    await shows(/^ {2}▲ warning {3}Hot {3}tasmota-greenhouse .* gateway$/m, "one of the gateway");
    await shows(/^tasmota-greenhouse .*\ntasmota-cellar /m, "the worst device first");

    pty.type("n");
    await shows(/^tasmota-cellar .*\ntasmota-greenhouse /m, "the devices by name");
    pty.type("/CELL\r");
    await shows(/^Devices .* 1 with "CELL"$/m, "only those that are looked for");
    expect(screen.text).not.toMatch(/^tasmota-greenhouse/m);
    pty.type("\u001b");
    await shows(/^tasmota-greenhouse/m, "all of them again");
    pty.type("?");
    await shows(/Ctrl-C +end/, "its keys");
    pty.type("?");

    await gateway.kill();
    await shows(/^STALE {5}since [\d:]+ \(\w+\): /m, "that nobody answers");
    expect(screen.text).toMatch(/^Link {6}Linked/m);
    await gateway.start();
    await waitUntil(() => !/^STALE/m.test(screen.text), "it goes on");
    await publishOnce(gateway.mqttUrl, topic("attic"), reading(2));
    await shows(/^tasmota-attic/m, "what is new");

    expect(screen.strange).toEqual([]);
    pty.type("q");
    await waitUntil(() => pty.said().includes("exit 0"), "it ends");
    expect(screen.modes.get("1049")).toBe(false);
  });

  it("shows the alerts of the gateway with no backbone in reach, and no sign beyond ASCII where none is known", async () => {
    const { cwd, gateway } = await site();
    await gateway.redirect(9);
    await gateway.kill();
    await gateway.start();
    await publishOnce(gateway.mqttUrl, topic("greenhouse"), reading(22));
    const pty = await ptyProgram(top, { folder: cwd, env: { LANG: "C", NO_COLOR: "1" } });
    await waitUntil(() => /! warning {2}Hot .* gateway$/m.test(pty.screen.text), "the alert");
    await waitUntil(() => /^Link {6}Buffering for /m.test(pty.screen.text), "the link");
    expect(pty.screen.text).toMatch(/^Alerts .*those of the hub are not known/m);
    expect(pty.screen.text).toMatch(/^[\x20-\x7e\n]*$/);
    expect([...pty.screen.colors]).toEqual([]);
    pty.type("\u0003");
    await pty.ended;
  });
});

describe("sluicegate top without a screen", () => {
  it("prints a line each second, also where a terminal has no cursor, an object with -o json, and all of it with --once", async () => {
    const { cwd } = await site();
    for (const [args, line] of [
      [[], /^\d\d:\d\d:\d\d {3}Linked for .* {3}in .* {3}devices 2 \w+ {3}alerts 1 warning/],
      [["-o", "json"], /^\{"schema":"sluicegate\.top\/1",.*"word":"linked".*"tasmota-cellar"/],
    ] as const) {
      const child = spawn(execPath, [program, "top", ...args], { cwd });
      onTestFinished(() => void child.kill("SIGKILL"));
      let said = "";
      child.stdout.on("data", (part) => {
        said += part;
      });
      const ended = new Promise((resolve) => child.once("close", resolve));
      await waitUntil(() => said.split("\n").filter((one) => line.test(one)).length > 1, `${line}`);
      child.kill("SIGINT");
      expect(await ended).toBe(0);
      expect(said).not.toContain("\u001b");
    }
    const pty = await ptyProgram(top, { folder: cwd, env: { TERM: "dumb" } });
    await waitUntil(() => /^\d\d:\d\d:\d\d {3}\w+ for .*\r\n/m.test(pty.said()), "a line");
    expect(pty.said()).not.toContain("\u001b");
    pty.type("\u0003");
    await pty.ended;
    const once = await runCommand(["top", "--once"], { cwd });
    expect(once).toMatchObject({ status: 0, stderr: "" });
    expect(once.stdout).toMatch(/^Link {6}Linked .*\n.*^Devices {3}2 .*\n.*^tasmota-cellar /ms);
    const json = await runCommand(["top", "--once", "-o", "json"], { cwd });
    expect(JSON.parse(json.stdout)).toMatchObject({
      gateway: { gateway: "gw1", link: { kind: "linked" } },
      devices: [{ device: "tasmota-cellar" }, { device: "tasmota-greenhouse" }],
    });
  });

  it("ends with 3 when nobody answers", async () => {
    const cwd = await openFolder();
    await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1 }\n");
    const { status, stderr } = await runCommand(["top"], { cwd });
    expect(status).toBe(3);
    expect(stderr).toContain("no running process answers on");
  });
});
