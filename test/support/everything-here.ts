/** One process with every role and every way in, so that it shows each figure that there is. */
import { writeFile } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { program } from "./gateway-program.ts";
import { JournaledProcess } from "./journaled-process.ts";
import { tempFolder } from "./temp-folder.ts";
import { waitUntil } from "./wait-until.ts";

/** What it answers on /metrics once it is up. Nobody is at the other end of most of its lines. */
export async function metricsOfEverything(): Promise<string> {
  const folder = await tempFolder();
  const nowhere = `127.0.0.1:${await freePort()}`;
  await writeFile(
    join(folder, "sluicegate.yaml"),
    `site: plant-a
gateway: { id: gw1, data: data }
sources:
  - { kind: mqtt-broker, listen: "127.0.0.1:${await freePort()}" }
  - { kind: mqtt-client, url: "mqtt://${nowhere}", topics: ["zigbee2mqtt/#"] }
  - { kind: serial, path: "tcp://${nowhere}", name: scale, framing: lines, device: scale }
  - { kind: modbus, path: "modbus-tcp://127.0.0.1:${await freePort()}", members: [{ device: inverter, address: 1 }] }
devices: [{ id: inverter, profile: sunspec/inverter }]
historian: { url: "http://${nowhere}" }
bridge: [{ name: cloud, kind: http, url: "http://${nowhere}" }]
trace: { make: 0.01, otlp: { url: "http://${nowhere}/v1/traces" } }
notify: { receivers: { duty: { kind: ntfy, url: "http://${nowhere}", topic: duty } } }
console: { listen: "127.0.0.1:${await freePort()}" }
`,
  );
  const running = new JournaledProcess(join(folder, "journal"));
  onTestFinished(async () => void (await running.end("SIGTERM")));
  running.start(process.execPath, program, "up", "--config", join(folder, "sluicegate.yaml"));
  const socketPath = join(folder, "data/sluicegate.sock");
  const ask = () =>
    new Promise<string | undefined>((resolve) => {
      const request = get({ socketPath, path: "/metrics" }, (answer) => resolve(text(answer)));
      request.once("error", () => resolve(undefined));
    });
  return waitUntil(async () => {
    if (!running.alive) throw new Error(running.journal());
    const metrics = await ask();
    // The last of what it shows: its own backbone is there, and the hub works.
    return /^gateway_processor_partitions_held [1-9]/m.test(metrics ?? "") && metrics;
  }, "every role works");
}
