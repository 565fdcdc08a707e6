import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { variable } from "./variable.ts";

/** Where devices reach the gateway of a guest. */
export const mqttUrl = "mqtt://127.0.0.1:1883";

const configPath = "/run/sluicegate.yaml";

/**
 * Starts the real gateway with its data on the guest's disk and no backbone. What it says of errors,
 * and its end, goes to the console behind `GATEWAY`; the rest does not, for the console carries
 * the PUBACKs.
 */
export function startGateway(): void {
  const isEncrypted = variable("BUFFER_KEY") !== "";
  const encryption = isEncrypted ? ", encryption: { key: { env: BUFFER_KEY } }" : "";
  writeFileSync(
    configPath,
    `site: plant-a
gateway: { id: gw1, data: /mnt/disk/data }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:1883" }]
backbone: { servers: ["nats://127.0.0.1:4222"] }
buffer: { segment_bytes: 512KiB, min_free: 4MiB, max_bytes: 512MiB${encryption} }
status: { socket: /run/gateway.sock }
`,
  );
  const gateway = spawn(
    process.execPath,
    [variable("gateway"), "run", "gateway", "--config", configPath],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  for (const stream of [gateway.stdout, gateway.stderr]) {
    createInterface(stream).on("line", (line) => {
      if (/"error"|^\w*Error|fatal/i.test(line)) console.log(`GATEWAY ${line}`);
    });
  }
  gateway.once("exit", (code) => console.log(`GATEWAY ENDED ${code}`));
}
