import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { readStatus } from "../../src/telemetry/status-client.ts";
import { endChild } from "../support/end-child.ts";
import { program } from "../support/gateway-program.ts";
import { influxd } from "../support/influxd.ts";
import { connect } from "../support/mqtt-device.ts";
import { isHere } from "../support/programs-here.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const patient = { timeout: 60_000 };

test.skipIf(!isHere("influxd", "version"))(
  "up with a historian brings what a device says into the database, and says how that goes",
  async () => {
    const influx = await influxd();
    const [folder, port] = [await tempFolder(), await freePort()];
    const config = join(folder, "sluicegate.yaml");
    const socket = join(folder, "s.sock");
    await writeFile(
      config,
      `gateway: { id: gw1, data: data }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:${port}" }]
profiles: { generic: true }
status: { socket: ${JSON.stringify(socket)} }
historian: { url: "${influx.url}", batch: { age: 50ms } }
`,
    );
    const up = spawn(process.execPath, [program, "up", "--config", config], { stdio: "pipe" });
    onTestFinished(() => endChild(up));
    let said = "";
    for (const pipe of [up.stdout, up.stderr])
      pipe.setEncoding("utf8").on("data", (part: string) => {
        said += part;
      });
    await waitUntil(() => said.includes("sluicegate is up"), "it is up");
    const device = await connect({ port, clientId: "d1" });
    for (const value of [1, 2, 3]) await device.publish("hall/d1", `{"t":${value}}`);

    const query = "select value, device from samples where metric = 't'";
    const values = async () =>
      (await influx.query(query).catch(() => []))[0]?.values.map(([, value]) => value);
    await expect.poll(values, patient).toEqual([1, 2, 3]);
    const status = JSON.stringify(await readStatus(socket));
    expect(status).toMatch(/"database":"sluicegate at http:\/\/127\.0\.0\.1/);

    up.kill("SIGTERM");
    const [code] = await once(up, "exit");
    expect(code).toBe(0);
  },
);
