/** Profiles that change while the gateway runs: nothing is lost, and each message is read by one of them. */
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { program } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const profile = (version: number, path: string): string => `profile: acme/probe
version: ${version}
about: A probe.
match: { topic: "acme/{device}/state" }
time: none
metrics: [{ name: temperature, path: ${path}, unit: Cel }]
examples:
  - { topic: acme/p1/state, payload: { ${path}: 1 }, expect: { metrics: { temperature: { value: 1, unit: Cel } } } }
`;

test("profiles are read again on SIGHUP and on demand, without a loss", async () => {
  const { url } = await natsServer();
  const folder = await tempFolder();
  const file = join(folder, "profiles/acme/probe.yaml");
  await mkdir(join(folder, "profiles/acme"), { recursive: true });
  await writeFile(file, profile(1, "t"));
  const gateway = await gatewayProcess({
    folder,
    natsUrl: url,
    configuration: `profiles: { folders: [profiles] }
devices: [{ id: cold, profile: acme/probe, topic: cold/state }]
`,
  });
  await gateway.start();
  const device = await connect({ port: gateway.mqttPort, clientId: "p1" });
  let sent = 0;
  const send = async (key: string, topic = "acme/p1/state"): Promise<void> => {
    await device.publish(topic, JSON.stringify({ [key]: sent }));
    sent += 1;
  };
  await send("t");
  await send("t", "cold/state");
  await send("celsius");
  await writeFile(file, profile(2, "celsius"));
  process.kill(gateway.pid, "SIGHUP");
  await waitUntil(() => gateway.journal().includes("were read again"), "the files are read");
  await send("celsius");
  await send("celsius", "cold/state");

  await writeFile(file, profile(3, "celsius").replace("unit: Cel", "unit: Grad"));
  const reload = (): Promise<{ stdout: string }> =>
    promisify(execFile)(process.execPath, [program, "reload", "--config", gateway.configPath]);
  await expect(reload()).rejects.toMatchObject({
    code: 78,
    stderr: expect.stringContaining("probe.yaml:6:53") as string,
  });
  await send("celsius");

  const text = await readFile(gateway.configPath, "utf8");
  const changed = text
    .replace("id: cold,", "id: warm,")
    .replace('"retry_max":"1s"', '"retry_max":"2s"');
  await writeFile(gateway.configPath, changed);
  await writeFile(file, profile(3, "celsius"));
  expect((await reload()).stdout).toContain("from the next start only: backbone");
  await send("celsius", "cold/state");

  await gateway.drained();
  const said = (await readGatewayStream(url)).flatMap((body) => {
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event)) throw new Error("there is a malformed event");
    const { device, kind } = event;
    if (kind === "rejection") return [`${device} rejected by ${event.data.profile}`];
    if (kind === "device") return [`${device} is ${event.data.profile}`];
    return kind === "measurement" ? [`${device} ${event.data[0]?.value} by ${event.profile}`] : [];
  });
  expect(sent).toBe(7);
  expect(said).toEqual([
    "cold is acme/probe@1",
    "acme-p1 is acme/probe@1",
    "acme-p1 0 by acme/probe@1",
    "cold 1 by acme/probe@1",
    "acme-p1 rejected by acme/probe@1",
    "cold is acme/probe@2",
    "acme-p1 is acme/probe@2",
    "acme-p1 3 by acme/probe@2",
    "cold 4 by acme/probe@2",
    "acme-p1 5 by acme/probe@2",
    "warm is acme/probe@3",
    "warm 6 by acme/probe@3",
  ]);
});
