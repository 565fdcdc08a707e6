import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readStatus } from "../../src/telemetry/status-client.ts";
import { program } from "../support/gateway-program.ts";
import { append, setUpAlerts, transition } from "../support/notifying.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

type Pipe = "stdout" | "stderr";

/** A site that never finds its backbone. */
async function site() {
  const folder = await tempFolder();
  const config = join(folder, "sluicegate.yaml");
  const socket = join(folder, "s.sock");
  await writeFile(
    config,
    `gateway: { id: gw1, data: data }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:0" }]
status: { socket: ${JSON.stringify(socket)} }
backbone: { servers: ["nats://127.0.0.1:1"], retry_max: 1s }
`,
  );
  const start = (...args: readonly string[]) => {
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
      child.once("exit", (status, signal) => resolve(status ?? signal)),
    );
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await ended;
    });
    return {
      child,
      ended,
      close: (...pipes: Pipe[]) => pipes.map((pipe) => child[pipe].destroy()),
    };
  };
  const answers = async (): Promise<boolean> =>
    (await readStatus(socket).catch(() => undefined)) !== undefined;
  return { start, answers, config };
}

describe("readers that go away", () => {
  it("a gateway goes on without them; commands end quietly, as programs do that nobody reads", async () => {
    const { start, answers, config } = await site();
    const gateway = start("run", "gateway", "--config", config);
    gateway.close("stdout", "stderr");
    await waitUntil(answers, "the gateway is up");
    for (const args of [
      ["status", "--config", config],
      ["status", "--output", "json", "--config", config],
      ["validate", config],
      ["buffer", "show", "--config", config],
    ]) {
      const { child, close, ended } = start(...args);
      let said = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      close("stdout");
      expect({ args, status: await ended, said }).toEqual({ args, status: 141, said: "" });
    }
    expect(await answers()).toBe(true);
    gateway.child.kill("SIGTERM");
    expect(await gateway.ended).toBe(0);
  });

  it.runIf(process.platform === "linux")(
    "a full disk behind standard output is said, with a code",
    async () => {
      const full = openSync("/dev/full", "w");
      onTestFinished(() => closeSync(full));
      const child = spawn(process.execPath, [program, "validate", "--print-effective"], {
        cwd: await tempFolder(),
        stdio: ["ignore", full, "pipe"],
      });
      let said = "";
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
      const status = await new Promise((resolve) => child.once("close", resolve));
      expect(said).toContain("cannot write to standard output: the disk is full (ENOSPC)");
      expect(status).toBe(74);
    },
  );
});

it("events that nobody reads to their end end quietly, also in the middle of a line", async () => {
  const { connection, url } = await setUpAlerts();
  const summary = "x".repeat(4_000);
  for (let n = 0; n < 50; n += 1)
    await append(connection, transition(`f${n}`, 1, 1, { annotations: { summary } }));
  const { config, start } = await site();
  const asked = ["--kind", "alert", "--output", "ndjson", "--nats", url, "--config", config];
  const { child, close, ended } = start("events", ...asked);
  let said = "";
  child.stderr.on("data", (part: Buffer) => {
    said += part.toString();
  });
  child.stdout.once("data", () => close("stdout"));
  // In order, as a SIGHUP would end them.
  expect(await ended).toBe(130);
  expect(said).not.toContain("internal.bug");
}, 30_000);
