/** A gateway whose data folder is encrypted: nothing a device said stands in it, and only its key opens it. */
import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { filesIn } from "../golden/golden-folders.ts";
import { runCommand } from "../support/command-line.ts";
import { type GatewayProgram, gatewayProgram } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";

const canaries = ["CANARY", "kanarienvogel", "31.25"];

async function deviceSpeaks(gateway: GatewayProgram, values: readonly number[]): Promise<void> {
  const device = await connect({ port: gateway.mqttPort, clientId: "kanarienvogel" });
  for (const value of values) {
    const payload = { DS18B20: { Id: "CANARY-1", Temperature: value }, TempUnit: "C" };
    await device.publish("tele/kanarienvogel/SENSOR", JSON.stringify(payload), { qos: 1 });
  }
  await device.publish("nobody/reads/CANARY-2", "CANARY-3", { qos: 1 });
  await device.close();
}

/** Files of a data folder in which one of the words stands. */
async function filesWith(folder: string, words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    // Who connected is what an audit log is for.
    if (entry.name.startsWith("audit-") && !bytes.includes("31.25")) continue;
    if (words.some((word) => bytes.includes(word))) found.push(entry.name);
  }
  return found;
}

test("a gateway keeps nothing readable where its buffer is encrypted, and takes only its key", async () => {
  const folder = await tempFolder();
  const data = join(folder, "data");
  const natsPort = await freePort();
  const keyFile = join(folder, "buffer.key");
  const key = randomBytes(32).toString("hex");
  const gateway = await gatewayProgram({
    folder,
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    configuration: "buffer: { encryption: { key: { file: buffer.key } } }",
  });
  onTestFinished(() => gateway.kill());
  const command = (...args: string[]) =>
    runCommand([...args, "--config", gateway.configPath], { cwd: folder });

  await writeFile(keyFile, key);
  await gateway.start();
  await deviceSpeaks(gateway, [31.25, 32]);
  await gateway.stop();
  expect(await filesWith(data, ["SLGBOX"])).not.toEqual([]);
  expect(await filesWith(data, canaries)).toEqual([]);

  const before = await filesIn(data);
  await writeFile(keyFile, randomBytes(32).toString("hex"));
  const refused = await command("run", "gateway");
  expect(refused.status).toBe(78);
  expect(refused.stderr).toContain("is encrypted with key");
  await writeFile(keyFile, "correct horse battery staple");
  const noKey = await command("run", "gateway");
  expect(noKey.status).toBe(78);
  expect(noKey.stderr).toContain("openssl rand -hex 32");
  expect(noKey.stderr).not.toContain("horse");
  expect(await filesIn(data)).toEqual(before);

  await writeFile(keyFile, key);
  const exported = await command("buffer", "export");
  expect(exported.stdout).toContain("31.25");
  const shown = await command("buffer", "show");
  expect(shown.stdout).toMatch(/Encryption {2}key [0-9a-f]{8}: 1 segment, new records take it/);

  await natsServer({ port: natsPort });
  await gateway.start();
  await gateway.drained();
  expect(gateway.journal()).not.toContain("damaged");

  const tooEarly = await command("reset", "--yes");
  expect(tooEarly.status).toBe(5);
  expect(tooEarly.stderr).toContain("stop it first");
  await gateway.stop();
  const unasked = await command("reset");
  expect(unasked.status).toBe(2);
  expect(await readFile(keyFile, "utf8")).toBe(key);
  const reset = await command("reset", "--yes");
  expect(reset).toMatchObject({ status: 0, stderr: "" });
  expect(reset.stdout).toContain(`secret   ${keyFile}`);
  expect(reset.stdout).toContain("its key is gone");
  expect(await readdir(data)).toEqual([]);
  await expect(readFile(keyFile)).rejects.toMatchObject({ code: "ENOENT" });
});
