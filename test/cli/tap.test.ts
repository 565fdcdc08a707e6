import { type ChildProcess, spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { program } from "../support/gateway-program.ts";
import { natsServer } from "../support/nats-server.ts";
import { publishOnce } from "../support/publish-once.ts";
import { waitUntil } from "../support/wait-until.ts";

interface Tap {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
}

/** A tap that says that it listens. */
async function openTap(cwd: string, ...args: readonly string[]): Promise<Tap> {
  const child = spawn(process.execPath, [program, "tap", ...args], { cwd });
  onTestFinished(() => void child.kill("SIGKILL"));
  const tap: Tap = { child, stdout: "", stderr: "" };
  child.stdout.on("data", (part) => {
    tap.stdout += part;
  });
  child.stderr.on("data", (part) => {
    tap.stderr += part;
  });
  await waitUntil(async () => tap.stderr.includes("listening to") || undefined, "the tap listens");
  return tap;
}

describe("sluicegate tap", () => {
  it("shows what was asked for: by topic, by metric, rejections as text, no watermarks", async () => {
    const cwd = await openFolder();
    const server = await natsServer();
    const gateway = await gatewayProcess({ folder: cwd, natsUrl: server.url });
    await gateway.start();
    await waitUntil(
      async () => (await gateway.status()).link.kind === "linked" || undefined,
      "the gateway is linked",
    );
    const taps = await Promise.all([
      openTap(cwd, "normalized", "--topic", "tele/+/SENSOR", "--metric", "temp*"),
      openTap(cwd, "rejected"),
      openTap(cwd, "sent", "--metric", "humidity"),
      openTap(cwd, "sent"),
      openTap(cwd, "sent", "--watermarks"),
    ]);
    const [byMetric, rejected, sentByMetric, sent, marks] = taps;
    await publishOnce(gateway.mqttUrl, "odd/topic", "hello you");
    await publishOnce(
      gateway.mqttUrl,
      "tele/a/SENSOR",
      '{"SHT":{"Temperature":20.5},"TempUnit":"C"}',
    );
    await publishOnce(gateway.mqttUrl, "tele/b/SENSOR", '{"SHT":{"Humidity":40}}');
    await waitUntil(
      async () =>
        (marks.stdout.includes("watermark") && sent.stdout.includes("tasmota-b humidity")) ||
        undefined,
      "the taps have seen it",
    );
    await waitUntil(async () => sentByMetric.stdout !== "" || undefined, "the last tap, too");
    expect(byMetric.stdout).toMatch(/^\S+ tasmota-a temperature 20.5 °C \S+\n$/);
    expect(rejected.stdout).toMatch(/ rejected \(no-profile: .*\) odd\/topic hello you /);
    expect(sentByMetric.stdout).toMatch(/^\S+ tasmota-b humidity 40 % \S+ seq \d+\n$/);
    expect(sent.stdout).not.toContain("watermark");
  });

  it("gives up on a backbone that is not there, and ends with 3", async () => {
    const cwd = await openFolder();
    await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1 }\n");
    const result = await runCommand(["tap", "sent", "--nats", "nats://127.0.0.1:9"], { cwd });
    expect(result.status).toBe(3);
    expect(result.stderr).toContain("no backbone answers at nats://127.0.0.1:9");
  });
});

describe("a wrong command line", () => {
  it.each([
    [["tap", "normalised"], "did you mean normalized?"],
    [["tap", "sent", "--topic", "a"], "look at normalized"],
    [["tap", "received", "--metric", "a"], "look at normalized"],
    [["tap", "--topic", "a/#/b"], "#"],
    [["tap", "--limit", "0"], "write a whole number above 0"],
    [["tap", "sent", "--nats", "nats://joe:hunter2@h"], "credentials go into a file"],
    [["run", "gateway", "--backbone", "nats://joe:hunter2@h"], "credentials go into a file"],
    [["run", "gatewy"], "did you mean gateway?"],
    [["run"], "role"],
    [["validat"], "Did you mean validate?"],
    [["validate", "--outptu", "json"], "Did you mean --output?"],
    [["validate", "-o", "xml"], "Allowed choices are text, json, github"],
    [["sim", "--url", "joe:hunter2@h"], "mqtt://"],
    [["sim", "--every", "5"], "duration"],
    [["sim", "--for", "soon"], "duration"],
    [["buffer", "wait-drained", "--timeout", "soon"], "duration"],
    [["users"], "hash"],
    [[], "validate"],
  ])("%j ends with 2 and says what to write", async (args, words) => {
    const cwd = await openFolder();
    const { status, stderr, stdout } = await runCommand(args, { cwd });
    expect(stderr).toContain(words);
    expect(stderr + stdout).not.toMatch(/hunter2|\n\s+at /);
    expect(status).toBe(2);
  });
});
