/** A box with a secret in every place where one can stand: none of them comes out anywhere. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { auditEntries, verifyAudit } from "../../src/audit/read-audit.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { TestAuthority } from "../support/certificates.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { program } from "../support/gateway-program.ts";
import { MqttDevice } from "../support/mqtt-device.ts";
import { waitUntil } from "../support/wait-until.ts";

const planted = new Map<string, string>();

/** A secret of its own for a place. */
function plant(place: string, secret = `canary-${randomBytes(12).toString("hex")}`): string {
  planted.set(place, secret);
  return secret;
}

/** The places of which something stands in a text or in bytes. */
function found(where: string, said: string | Uint8Array): string[] {
  const bytes = Buffer.from(said);
  return [...planted].flatMap(([place, secret]) =>
    bytes.includes(secret) || bytes.includes(Buffer.from(secret).toString("base64"))
      ? [`${place} in ${where}`]
      : [],
  );
}

const ask = (port: number, path: string, headers: object = {}, body?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ host: "127.0.0.1", port, path, agent: new Agent({ rejectUnauthorized: false }) },
        ...{ method: body === undefined ? "GET" : "POST", headers: { ...headers } },
      },
      (response) => {
        let text = JSON.stringify(response.headers);
        response.on("data", (part) => {
          text += part;
        });
        response.on("end", () => resolve(text));
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });

const deaths = {
  "an exception": 'process.on("SIGUSR2", () => { throw new Error("it is broken"); })',
  "no memory":
    'process.on("SIGUSR2", () => { const held = []; for (;;) held.push(new Array(1e5).fill({})); })',
};

/** All that a process says from its start to its death, and what that leaves beside the configuration. */
async function dyingOutput(
  cwd: string,
  env: NodeJS.ProcessEnv,
  dying: keyof typeof deaths,
): Promise<string> {
  const before = new Set(await readdir(cwd));
  const die = `--import=data:text/javascript,${encodeURIComponent(deaths[dying])}`;
  const child = spawn(
    process.execPath,
    ["--max-old-space-size=96", die, program, "run", "gateway", "notifier", "historian"],
    { cwd, env },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part) => {
      said += part;
    });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await waitUntil(() => said.includes("sluicegate is up") || child.exitCode !== null, "a start");
  child.kill("SIGUSR2");
  await ended;
  expect(said).toMatch(dying === "no memory" ? /heap|memory/i : /it is broken/);
  for (const name of (await readdir(cwd)).filter((one) => !before.has(one)))
    said += await readFile(join(cwd, name), "latin1").catch(() => "");
  return said;
}

it("prints, serves, keeps and packs none of the secrets that it works with", async () => {
  const cwd = await openFolder();
  const file = async (name: string, place: string, secret?: string): Promise<string> => {
    await writeFile(join(cwd, name), `${plant(place, secret)}\n`, { mode: 0o600 });
    return name;
  };
  const credentials = join(cwd, "credentials");
  await mkdir(credentials);
  await writeFile(join(credentials, "smtp"), `${plant("the SMTP credential")}\n`);
  const authority = await TestAuthority.create(cwd, "plant-ca");
  const { cert, key } = await authority.sign("localhost");
  const [, keyLine = ""] = (await readFile(key, "utf8")).split("\n");
  plant("the TLS key", keyLine);
  const [mqttPort, webPort] = [await freePort(), await freePort()];
  const seed = "SUAIBDPBAUTWCWBKIO6XHQNINK5FWJW4OHLXC3HQ2KFE4PEJUA44CNHTC4";
  const creds = await file("gw.creds", "the seed for NATS", seed);
  const lines = [
    "site: plant-a",
    "gateway: { id: gw1, data: data }",
    "sources:",
    `  - { kind: mqtt-broker, listen: "127.0.0.1:${mqttPort}", users: { file: devices.yaml } }`,
    `  - { kind: mqtt-client, url: "mqtt://127.0.0.1:1", topics: ["a/#"], user: u, password: { env: MQTT_PW } }`,
    `backbone: { servers: ["nats://127.0.0.1:1"], credentials: { file: ${creds} } }`,
    `buffer: { encryption: { key: { file: ${await file("buffer.key", "the key of the buffer", randomBytes(32).toString("hex"))} } } }`,
    `historian: { url: "http://127.0.0.1:1", database: b, token: { file: ${await file("influx", "the token of InfluxDB")} } }`,
    "notify:",
    "  receivers:",
    "    mail: { kind: email, smtp: 'smtp://127.0.0.1:1', from: a@b.example, to: [c@d.example], user: u, password: { credential: smtp } }",
    `    hook: { kind: webhook, url: "http://127.0.0.1:1/x", secret: { file: ${await file("hook", "the secret of the webhook")} } }`,
    `    chat: { kind: slack, url: { file: ${await file("slack", "the URL of Slack", `https://hooks.slack.com/services/${randomBytes(9).toString("hex")}`)} } }`,
    `console: { listen: "127.0.0.1:${webPort}", tls: { cert: "${cert}", key: "${key}" } }`,
  ];
  await writeFile(join(cwd, "sluicegate.yaml"), lines.join("\n"));
  const env = {
    ...process.env,
    MQTT_PW: plant("the password in the environment"),
    CREDENTIALS_DIRECTORY: credentials,
  };
  const run = async (args: readonly string[], input?: string) => {
    const ended = await runCommand(args, { cwd, env, ...(input !== undefined && { input }) });
    return `${ended.stdout}${ended.stderr}`;
  };
  const devicePassword = plant("the password of a device");
  const peoplePassword = plant("the password of a person");
  const hits: string[] = [];
  const look = (where: string, said: string | Uint8Array): void =>
    void hits.push(...found(where, said));
  look("users add", await run(["users", "add", "f7", "--publish", "a/#"], `${devicePassword}\n`));
  look(
    "console-users add",
    await run(["console-users", "add", "ana", "--role", "admin"], `${peoplePassword}\n`),
  );
  const token = (await run(["tokens", "add", "tool", "--role", "admin"])).split("\n")[0] ?? "";
  plant("a token", token);
  look("validate", await run(["validate"]));

  const child = spawn(process.execPath, [program, "run", "gateway", "notifier", "historian"], {
    cwd,
    env,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let journal = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (part) => {
      journal += part;
    });
  await waitUntil(
    async () => journal.includes("sluicegate is up") || child.exitCode !== null,
    "a start",
  );
  if (child.exitCode !== null) throw new Error(journal);
  const guess = plant("a wrong password of a device");
  const device = new MqttDevice(mqttPort);
  expect(await device.open({ clientId: "x", username: "f7", password: guess })).not.toBe(0);
  const good = new MqttDevice(mqttPort);
  expect(await good.open({ clientId: "f7", username: "f7", password: devicePassword })).toBe(0);
  await good.publish("a/1", '{"t":1}');
  const own = { "x-sluicegate": "1", "content-type": "application/json" };
  const signIn = (password: string): Promise<string> =>
    ask(webPort, "/api/v1/sign-in", own, JSON.stringify({ name: "ana", password }));
  look("the answer to a wrong password", await signIn(plant("a wrong password of a person")));
  look("the answer to a sign-in", await signIn(peoplePassword));
  const bearer = { authorization: `Bearer ${token}` };
  const { paths } = JSON.parse(
    await readFile(new URL("../../dist/openapi.json", import.meta.url), "utf8"),
  );
  for (const path of Object.keys(paths).filter(
    (one) => !one.includes("{") && !one.includes("stream"),
  ))
    look(path, await ask(webPort, path.startsWith("/api") ? path : `/api/v1${path}`, bearer));
  for (const path of ["/metrics", "/readyz", "/livez"])
    look(path, await ask(webPort, path, bearer));
  await writeFile(join(cwd, "sluicegate.yaml"), `${lines.join("\n")}\nnonsense: 1\n`);
  look("a reload with a fault", await run(["reload"]));
  await writeFile(join(cwd, "sluicegate.yaml"), lines.join("\n"));
  for (const args of [
    ["config", "show"],
    ["config", "show", "-o", "json"],
    ["status", "-o", "json"],
    ["audit", "ls"],
    ["doctor", "--timeout", "1s"],
  ])
    look(args.join(" "), await run(args));
  const bundle = join(cwd, "case.tar.gz");
  look("support-bundle", await run(["support-bundle", "--out", bundle, "--yes"]));
  look("the support bundle", gunzipSync(await readFile(bundle)));
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
  look("the journal", journal);
  for (const name of await readdir(join(cwd, "data"), { recursive: true })) {
    const bytes = await readFile(join(cwd, "data", name)).catch(() => Buffer.alloc(0));
    look(`data/${name}`, bytes);
  }
  expect(hits).toEqual([]);
  const deeds: Record<string, number> = {};
  const name = "audit-gateway-notifier-historian.ndjson";
  for await (const { action, outcome } of auditEntries(nodeDisk, join(cwd, "data"), name))
    deeds[`${action} ${outcome}`] = (deeds[`${action} ${outcome}`] ?? 0) + 1;
  expect(deeds).toMatchObject({
    ...{ "start done": 1, "stop done": 1, "mqtt-login done": 1, "mqtt-login refused": 1 },
    ...{ "sign-in done": 1, "sign-in refused": 1, "reload failed": expect.any(Number) },
  });
  const { faultCount } = await verifyAudit(nodeDisk, join(cwd, "data"), name);
  expect(faultCount).toBe(0);
  for (const dying of ["an exception", "no memory"] as const)
    look(`a process that dies of ${dying}`, await dyingOutput(cwd, env, dying));
  expect(hits).toEqual([]);
  expect(found("what was typed", devicePassword)).toHaveLength(1);
  expect(planted.size).toBeGreaterThan(12);
}, 300_000);
