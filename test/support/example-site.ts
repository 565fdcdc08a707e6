/**
 * A small site as a process, for examples of commands: freezers that are too warm, topics that nobody
 * reads, a message that was rejected, a receiver that refuses, files of each kind.
 */
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { execPath } from "node:process";
import { onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { boxWith } from "./dead-box.ts";
import { program } from "./gateway-program.ts";
import { publishOnce } from "./publish-once.ts";
import { type Ended, runToEnd } from "./run-to-end.ts";
import { tempFolder } from "./temp-folder.ts";
import { waitUntil } from "./wait-until.ts";
import { webhookServer } from "./webhook-server.ts";

const rule = (alert: string, more: string): string =>
  `      - { alert: ${alert}, select: { profile: sluicegate/sim-freezer, metric: temperature }, severity: critical, condition: { threshold: { above: -60 } }, for: 0s${more} }`;

const rules = `version: 1
groups:
  - name: cold
    rules:
${rule("FreezerWarm", "")}
${rule("DoorForced", ", latch: true")}
`;

const ruleTest = `rule_files: [../cold-chain.yaml]
devices: { f7: { profile: sluicegate/sim-freezer, interval: 60s } }
tests:
  - name: a freezer that is warm fires
    input: [{ device: f7, metric: temperature, step: 1m, values: "-18x5" }]
    expect:
      - { alert: FreezerWarm, device: f7, state: firing, at: 0m }
      - { alert: DoorForced, device: f7, state: firing, at: 0m }
`;

const plans = `version: 1
plans:
  - name: cool_down
    params: { device: { type: text } }
    steps: [{ command: set_point, device: "{device}", params: { level: -20 } }]
`;

/** Says something to whoever connects. */
async function talkingPort(): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write("hello\r\n");
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

export interface ExampleSite {
  /** Runs a line of a shell with the names of this site; Ctrl-C after so many seconds. */
  run(line: string, seconds?: number): Promise<Ended>;
}

export async function exampleSite(): Promise<ExampleSite> {
  const cwd = await tempFolder();
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const [mqttPort, linePort, modbusPort] = [await freePort(), await freePort(), await freePort()];
  const mqttUrl = `mqtt://127.0.0.1:${mqttPort}`;
  const talking = await talkingPort();
  const hook = await webhookServer(() => 400);
  const box = await boxWith();
  for (const folder of ["rules/tests", "plans", "profiles", "other"])
    await mkdir(join(cwd, folder), { recursive: true });
  const config = `site: plant-a
gateway: { id: gw1 }
sources: [{ kind: mqtt-broker, listen: "127.0.0.1:${mqttPort}" }]
profiles: { folders: [profiles] }
rules: { files: ["rules/*.yaml"] }
plans: { files: ["plans/*.yaml"] }
processor: { discover_every: 200ms }
notify: { receivers: { duty: { kind: webhook, url: "${hook.url}" } }, default: [duty] }
`;
  await writeFile(join(cwd, "sluicegate.yaml"), config);
  await writeFile(
    join(cwd, "other/sluicegate.yaml"),
    'gateway: { id: gw2 }\nsources: [{ kind: mqtt-broker, listen: "127.0.0.1:0" }]\n',
  );
  await writeFile(join(cwd, "rules/cold-chain.yaml"), rules);
  await writeFile(join(cwd, "rules/tests/cold-chain.yaml"), ruleTest);
  await writeFile(join(cwd, "plans/cool-down.yaml"), plans);
  await writeFile(join(cwd, "password.txt"), "a long password\n");
  await writeFile(join(cwd, "messages.ndjson"), '{"temperature":21.5,"humidity":40}\n');

  const start = (...args: string[]): void => {
    const child = spawn(execPath, [program, ...args], { cwd, stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
  };
  start("up");
  const names = new Map<string, string>([
    ["mqtt://127.0.0.1:1883", mqttUrl],
    ["127.0.0.1:4001", `127.0.0.1:${linePort}`],
    ["127.0.0.1:4002", `127.0.0.1:${talking}`],
    ["127.0.0.1:5020", `127.0.0.1:${modbusPort}`],
    ["/media/card/var/lib/sluicegate", box.data],
    ["/etc/sluicegate/sluicegate.yaml", join(cwd, "other/sluicegate.yaml")],
    ["/run/sluicegate/sluicegate.sock", join(cwd, "data/sluicegate.sock")],
  ]);
  const here = (line: string): string => {
    const isBare = /^sluicegate sim (--|sparkplug)/.test(line) && !line.includes("--url");
    const whole = isBare ? `${line} --url ${mqttUrl}` : line;
    return [...names].reduce((text, [said, is]) => text.replaceAll(said, is), whole);
  };
  const site: ExampleSite = {
    run: (line, seconds = 60) =>
      runToEnd(
        [
          "-c",
          `sluicegate() { timeout --preserve-status -s INT ${seconds} "${execPath}" "${program}" "$@"; }\n${here(line)}`,
        ],
        { cwd, input: "a long password\n", signal: over.signal, shell: "/bin/bash" },
      ),
  };
  const json = async (line: string): Promise<Record<string, unknown>> =>
    JSON.parse((await site.run(line)).stdout || "{}");
  await waitUntil(
    async () => (await json("sluicegate status -o json"))["gateway"] !== undefined,
    "the site runs",
  );
  start("sim", "--url", `mqtt://127.0.0.1:${mqttPort}`, "--devices", "6", "--every", "300ms");
  for (const device of ["acme/th-1", "plant/press-1"])
    await publishOnce(mqttUrl, `${device}/state`, '{"temperature":21.5,"humidity":40}');
  await publishOnce(
    mqttUrl,
    "tele/kitchen/SENSOR",
    '{"Time":"2026-11-21T14:02:10","DS18B20":{"Temperature":21.4},"TempUnit":"C"}',
  );
  await publishOnce(mqttUrl, "tele/cellar/SENSOR", "{{{");
  const saying = setInterval(() => {
    void publishOnce(mqttUrl, "acme/th-3/state", '{"temperature":20.5,"humidity":41}').catch(
      () => {},
    );
  }, 500);
  onTestFinished(() => clearInterval(saying));
  const status = JSON.stringify(await json("sluicegate status -o json"));
  const [, address = ""] = /"server":"(?:nats:\/\/)?([^"]+)"/.exec(status) ?? [];
  const first = async <T>(line: string, find: (text: string) => T | undefined): Promise<T> =>
    waitUntil(async () => find((await site.run(line)).stdout), line);
  const event = await first(
    "sluicegate events --limit 1 -o ndjson",
    (text) => /"id":"([^"]+)"/.exec(text)?.[1],
  );
  await first("sluicegate alerts ls", (text) => /FreezerWarm sim-freezer-02/.exec(text)?.[0]);
  const command = await first(
    "sluicegate send sim-freezer-01 set_point level=-19 -o json",
    (text) => /"id":"([^"]+)"/.exec(text)?.[1],
  );
  const letter = await first(
    "sluicegate notify dlq ls -o json",
    (text) => /"id":"([^"]+)"/.exec(text)?.[1],
  );
  const run = await first(
    "sluicegate plan run cool_down device=sim-freezer-01 -o json",
    (text) => /"run":"([^"]+)"/.exec(text)?.[1],
  );
  names.set("nats://127.0.0.1:4222", `nats://${address}`);
  names.set("gw1.k3f9x2ab.918273", event);
  names.set("5f0c1d2e3a4b5968", command);
  names.set("0a1b2c3d4e5f6071.3", letter);
  names.set("cool_down-1", run);
  return site;
}
