import { spawn } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";
import { program } from "../support/gateway-program.ts";
import { startPtyPair } from "../support/pty-pair.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

it("sim ends in its time where no broker answers, and says why nothing was sent", async () => {
  const args = ["sim", "--url", "mqtt://127.0.0.1:1", "--every", "100ms", "--for", "1s"];
  const { status, stderr, stdout } = await runCommand(args, { cwd: await openFolder() });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^made [1-9]\d* {2}acknowledged 0 /);
  expect(stderr).toContain("not all was sent: connect ECONNREFUSED 127.0.0.1:1");
}, 25_000);

it("what a simulated device cannot do wrong is refused, with why", async () => {
  const cwd = await openFolder();
  const refused = (family: string, where: string, ...flag: string[]) =>
    runCommand(["sim", "line", family, where, ...flag], { cwd });
  const told = await Promise.all([
    refused("scale-sics", "tcp://127.0.0.1:1", "--wrong-checksum", "10%"),
    refused("plc", "modbus-tcp://127.0.0.1:1", "--wrong-checksum", "10%"),
    refused("nmea-gps", "tcp://127.0.0.1:1", "--late", "10%"),
    refused("nmea-gps", "tcp://127.0.0.1:1", "--restart-every", "100ms"),
  ]);
  expect(told.map(({ status }) => status)).toEqual([2, 2, 2, 2]);
  expect(told.map(({ stderr }) => stderr.trim())).toEqual([
    "sluicegate: --wrong-checksum: what scale-sics says has no checksum; leave it out (usage)",
    "sluicegate: --wrong-checksum: Modbus TCP has no checksum of its own; leave it out (usage)",
    "sluicegate: --late: nmea-gps is not asked, so it never answers late; leave it out (usage)",
    "sluicegate: --restart-every 100ms: write 1s or more (usage)",
  ]);
}, 25_000);

it("sim line speaks at a terminal, and ports watch --listen shows it at the other end", async () => {
  const pair = await startPtyPair(await tempFolder(), "line");
  onTestFinished(() => pair.stop());
  const run = (...args: readonly string[]) => {
    const running = spawn(process.execPath, [program, ...args]);
    onTestFinished(() => void running.kill("SIGKILL"));
    const output = { said: "", ended: new Promise((resolve) => running.once("close", resolve)) };
    running.stdout.on("data", (bytes) => {
      output.said += String(bytes);
    });
    return { running, output };
  };
  const watch = run("ports", "watch", "--listen", pair.gateway, "--baud", "9600");
  const sim = run("sim", "line", "scale-sics", pair.device, "--every", "100ms");
  await waitUntil(() => / S [SD] /.test(watch.output.said), "the scale is heard");
  sim.running.kill("SIGTERM");
  expect(await sim.output.ended).toBe(0);
  expect(sim.output.said).toMatch(/^[a-z0-9-]+: frames whole [1-9]/);
  watch.running.kill("SIGTERM");
  expect(await watch.output.ended).toBe(0);
}, 25_000);
