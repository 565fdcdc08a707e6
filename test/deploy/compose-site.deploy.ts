/**
 * The site of the containers without containers: the same configuration, users and secrets, and a process in
 * the place of each.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { program } from "../support/gateway-program.ts";
import { JournaledProcess } from "../support/journaled-process.ts";
import { natsFiles, natsPrograms } from "../support/shipped-nats-server.ts";
import { unpackedCompose } from "../support/unpacked-compose.ts";
import { waitUntil } from "../support/wait-until.ts";

const roles = ["gateway", "processor", "notifier", "console"] as const;

/** What stands in files for what is mounted there in a container. */
function changed(text: string, here: Readonly<Record<string, string>>): string {
  return Object.entries(here).reduce((so, [from, to]) => so.replaceAll(from, to), text);
}

async function startNats(here: string, natsProgram: string): Promise<number> {
  const port = await freePort();
  const folder = join(here, "nats");
  await mkdir(folder);
  for (const name of ["single.conf", "sync-always.conf", "tls.conf", "users.conf"]) {
    const from =
      name === "users.conf" ? join(here, "secrets/nats-users.conf") : join(natsFiles, name);
    const shipped = await readFile(from, "utf8");
    await writeFile(
      join(folder, name),
      changed(
        natsProgram === natsPrograms[0] ? shipped.replace(/^sync_interval.*/m, "") : shipped,
        {
          "0.0.0.0:4222": `127.0.0.1:${port}`,
          "127.0.0.1:8222": "127.0.0.1:-1",
          "/var/lib/nats": join(folder, "jetstream"),
          "/etc/nats/tls/server": join(here, "secrets/tls/nats"),
          "/etc/nats/tls": join(here, "secrets/tls"),
        },
      ),
    );
  }
  const child = spawn(natsProgram, ["-c", join(folder, "single.conf")], { stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return port;
}

it.runIf(process.getuid?.() === 0).each(natsPrograms)(
  "each role does its work with the user that first-secrets.sh gave it, at %s",
  async (natsProgram) => {
    const { here, run } = await unpackedCompose();
    await writeFile(join(here, ".env"), "SLUICEGATE_IMAGE=sluicegate:test\n");
    const made = run();
    expect(made.status, made.stderr).toBe(0);
    const natsPort = await startNats(here, natsProgram);
    const shipped = await readFile(join(here, "site/sluicegate.yaml"), "utf8");
    const ports = new Map<string, number>();
    const mqttPort = await freePort();
    const secrets = join(here, "secrets");
    const configure = async (role: string, seed: string): Promise<string> => {
      const port = await freePort();
      ports.set(role, port);
      const path = join(here, "site", `${role}.yaml`);
      const configuration = changed(shipped, {
        "id: gw1": `id: gw1\n  data: ${join(here, "data", role)}`,
        "0.0.0.0:8883": `127.0.0.1:${mqttPort}`,
        // The listener of the console asks for a token on every address but loopback.
        "0.0.0.0:8443": `0.0.0.0:${port}`,
        "tls://nats:4222": `tls://127.0.0.1:${natsPort}`,
        "/run/secrets/nats_seed": join(secrets, "seeds", `${seed}.nk`),
        "ca: /run/secrets/ca.crt": `ca: ${join(secrets, "tls/ca.crt")}, server_name: nats`,
        "/run/secrets/server": join(secrets, "tls/sluicegate"),
        "/run/secrets/influx_token": join(secrets, "historian_token"),
        "http://influxdb:8086": "http://127.0.0.1:1",
        "http://alertmanager:9093": "http://127.0.0.1:1",
      });
      expect(configuration).not.toContain("/run/secrets");
      await writeFile(path, configuration);
      return path;
    };
    const administrator = await configure("prepare", "administrator");
    const prepare = () => {
      const args = [program, "backbone", "prepare", "--config", administrator];
      return spawnSync(process.execPath, args, { encoding: "utf8" });
    };
    let said = prepare();
    for (let tries = 0; said.status !== 0 && tries < 20; tries += 1) said = prepare();
    expect(said.status, said.stderr).toBe(0);
    const journals = new Map<string, JournaledProcess>();
    for (const role of roles) {
      const path = await configure(role, role === "gateway" ? "gateway-gw1" : role);
      const running = new JournaledProcess(join(here, `${role}.log`));
      running.start(process.execPath, program, "run", role, "--config", path);
      onTestFinished(async () => void (await running.end("SIGTERM")));
      journals.set(role, running);
    }
    const ca = await readFile(join(secrets, "tls/ca.crt"));
    const token = await readFile(join(secrets, "metrics_token"), "utf8");
    const ask = (role: string, headers = {}) =>
      new Promise<string>((resolve) => {
        const options = { ca, port: ports.get(role), path: "/metrics", headers };
        get({ ...options, host: "localhost" }, (answer) => resolve(text(answer))).once(
          "error",
          () => resolve(""),
        );
      });
    const bearer = { authorization: `Bearer ${token.trim()}` };
    const publish = () =>
      spawnSync("mosquitto_pub", [
        ...["-h", "localhost", "-p", String(mqttPort), "--cafile", join(secrets, "tls/ca.crt")],
        ...[
          "-u",
          "device",
          "-P",
          spawnSync("cat", [join(secrets, "device_password")]).stdout.toString(),
        ],
        ...["-q", "1", "-t", "tele/greenhouse/SENSOR", "-m"],
        '{"Time":"2026-11-21T14:02:10","DS18B20":{"Id":"1","Temperature":21.4},"TempUnit":"C"}',
      ]).status;
    await waitUntil(() => publish() === 0, "the device is heard", 60_000, 500);
    const works: [string, RegExp][] = [
      ["gateway", /^gateway_forward_state\{state="linked"\} 1$/m],
      ["processor", /^gateway_processor_events_total [1-9]/m],
      ["notifier", /^gateway_stream_connected\{client="sluicegate-notifier"\} 1$/m],
      ["console", /^gateway_stream_connected\{client="sluicegate-console"\} 1$/m],
    ];
    for (const [role, figure] of works)
      await waitUntil(
        async () => figure.test(await ask(role, bearer)),
        `${role} works`,
        60_000,
        200,
      );
    expect(await ask("gateway")).not.toMatch(/gateway_/);
    for (const [role, running] of journals)
      expect(running.journal(), role).not.toMatch(
        /permissions violation|not allowed|unauthorized/i,
      );
  },
);
