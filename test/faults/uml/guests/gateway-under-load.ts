/** In a guest: the real gateway, a load on it, and each PUBACK on the console. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { systemClock } from "../../../../src/app/system-clock.ts";
import { startLoad } from "../../../../src/simulate/load-generator.ts";
import { printAcks } from "./print-acks.ts";
import { variable } from "./variable.ts";

const boot = variable("boot");
const configPath = "/run/sluicegate.yaml";
writeFileSync(
  configPath,
  `site: plant-a
gateway: { id: gw1, data: /mnt/disk/data }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:1883" }]
backbone: { servers: ["nats://127.0.0.1:4222"] }
buffer: { segment_bytes: 512KiB, min_free: 4MiB, max_bytes: 512MiB }
status: { socket: /run/gateway.sock }
`,
);
console.log("STARTING");
const gateway = spawn(
  process.execPath,
  [variable("gateway"), "run", "gateway", "--config", configPath],
  {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, SLUICEGATE_FAULT: variable("fault") },
  },
);
for (const stream of [gateway.stdout, gateway.stderr]) {
  createInterface(stream).on("line", (line) => {
    // Only what is wrong: the console carries the PUBACKs.
    if (/error|fatal/i.test(line)) console.log(`GATEWAY ${line}`);
  });
}
gateway.once("exit", (code) => console.log(`GATEWAY ENDED ${code}`));

startLoad({
  url: "mqtt://127.0.0.1:1883",
  connections: 4,
  window: 50,
  payloadBytes: 200,
  boot,
  topicOf: (device) => `sim/freezer/${boot}-${device}/telemetry`,
  clock: systemClock,
  onAck: printAcks((device) => `${boot}-${device}`),
});
