import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { tarGz } from "../../src/app/support/tar.ts";
import { TestAuthority } from "../support/certificates.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { natsServer } from "../support/nats-server.ts";
import { publishOnce } from "../support/publish-once.ts";

/** Each stands in one place only, so that a hit says where it came from. */
const canaries = {
  env: "canary-env-5f2a91",
  envOfNoName: "canaryenvplain",
  secretFile: "canary-file-77b1",
  creds: "SUACANARYCREDS234567ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDE",
  usersHash: "$7$101$canarySalt01$canaryHash0123456789",
  consoleUsers: "canary-console-hash-01",
  token: "canary-token-hash-02",
  inline: "canary-inline-password-3",
  inUrl: "canaryurl99",
  comment: "canary-in-a-comment-4",
  userName: "canary-login-name",
  tag: "canary-tag-value",
  payload: "canary-payload-6",
  jwt: "eyJhbGciOiJub25lIn0.eyJjYW5hcnkiOiJqd3QifQ.c2ln",
  deepEscaped: 'canary"quoted\\7',
  phrase: "dry canary sits",
  loginOfEnv: "canary-pw-8",
  credential: "canary-cred",
};

/** A gateway with a secret at every place where one can be. */
async function siteFull(folder: string, natsUrl: string) {
  await mkdir(join(folder, "secrets"));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write("secrets/hook", `${canaries.secretFile}\n`);
  await write("secrets/phrase", `${canaries.phrase}\n`);
  await mkdir(join(folder, "credentials"));
  await write("credentials/nats", `${canaries.credential}\n`);
  await write("gateway.creds", canaries.creds);
  const { cert, key } = await (await TestAuthority.create(folder, "ca")).sign("gw1");
  await write(
    "devices.yaml",
    `users:\n  - user: pump-1\n    password_hash: ${canaries.usersHash}\n`,
  );
  const receivers = {
    hook: { kind: "webhook", url: "http://127.0.0.1:1/h", secret: { file: "secrets/hook" } },
    other: { kind: "webhook", url: "http://127.0.0.1:1/o", secret: { file: "secrets/phrase" } },
    bot: { kind: "telegram", token: { env: "BOT_TOKEN" }, chat_id: 5, url: "http://127.0.0.1:1" },
  };
  return gatewayProcess({
    ...{ folder, natsUrl },
    sources: [{ kind: "mqtt-broker", listen: "127.0.0.1:0", tls: { cert, key } }],
    configuration: [
      `# ${canaries.comment}`,
      `notify: ${JSON.stringify({ receivers })}`,
      `devices: [{ id: f1, profile: tasmota/sensor, topic: "f1/#", tags: { area: ${canaries.tag} } }]`,
      "",
    ].join("\n"),
    wrap: ["env", `BOT_TOKEN=${canaries.env}`],
  });
}

async function lineOfKey(folder: string): Promise<string> {
  const text = await readFile(join(folder, "gw1.key"), "utf8").catch(() => "");
  return text.split("\n")[1] ?? "none";
}

/** A journal of a service that says more than it should. */
async function plantJournal(folder: string): Promise<string> {
  const lines = [
    `connect nats://gw:${canaries.inUrl}@hub:4222 refused`,
    `BOT_TOKEN=${canaries.env} told ${canaries.jwt} ${canaries.creds} ${canaries.usersHash}`,
    `base64 ${Buffer.from(canaries.secretFile).toString("base64")} plain ${canaries.envOfNoName}`,
    `sent ${encodeURIComponent(canaries.deepEscaped)} ${JSON.stringify(canaries.deepEscaped)}`,
    `key ${await lineOfKey(folder)} users ${canaries.consoleUsers} ${canaries.token} password: ${canaries.inline}`,
    `it said: ${canaries.phrase}, user gw and ${canaries.loginOfEnv}; ${canaries.credential}`,
    // So long that the part begins in the middle of a secret.
    `${canaries.env}${"-".repeat(1_048_576 - canaries.env.length)}`,
    "the line that helps",
  ];
  await mkdir(join(folder, "bin"));
  const script = `#!/bin/sh\ncat <<'END'\n${lines.join("\n")}\nEND\n`;
  await writeFile(join(folder, "bin/journalctl"), script, { mode: 0o755 });
  return `${join(folder, "bin")}:${process.env["PATH"]}`;
}

async function bundleOf(folder: string, journal = true): Promise<string> {
  const env = {
    ...(journal && { PATH: await plantJournal(folder) }),
    BOT_TOKEN: canaries.env,
    SOME_SETTING: canaries.envOfNoName,
    ODD: canaries.deepEscaped,
    HUB: `nats://gw:${canaries.loginOfEnv}@hub:4222`,
  };
  const out = join(folder, "bundle.tar.gz");
  const args = ["support-bundle", "--yes", "--out", out];
  const { status, stdout } = await runCommand(args, { cwd: folder, env });
  expect([status, stdout]).toEqual([0, expect.stringContaining(`wrote ${out}`)]);
  expect((await stat(out)).mode & 0o777).toBe(0o600);
  return gunzipSync(await readFile(out)).toString("latin1");
}

function leaks(text: string): readonly string[] {
  return Object.entries(canaries).flatMap(([name, canary]) => {
    const forms = [
      canary,
      encodeURIComponent(canary),
      JSON.stringify(canary).slice(1, -1),
      Buffer.from(canary).toString("base64").replace(/=+$/, ""),
    ];
    return forms.some((form) => text.includes(form)) ? [name] : [];
  });
}

describe("sluicegate support-bundle", () => {
  it("has no secret, no name of a user and nothing that a device sent in it, of a living gateway", async () => {
    const folder = await openFolder();
    const { url } = await natsServer();
    const gateway = await siteFull(folder, url);
    await gateway.start();
    await writeFile(join(folder, "console-users"), `ana:admin:${canaries.consoleUsers}\n`);
    await writeFile(join(folder, "console-tokens"), `ci:viewer:${canaries.token}\n`);
    await publishOnce(gateway.mqttUrl, "unknown/x", `{"note":"${canaries.payload}"}`);
    await publishOnce(gateway.mqttUrl, "f1/SENSOR", `not json ${canaries.payload}`);
    await gateway.drained();
    const text = await bundleOf(folder);
    expect(leaks(text)).toEqual([]);
    expect(text).not.toContain(await lineOfKey(folder));
    for (const part of ["status.json", "metrics.txt", "doctor.json", "buffer.json", "config.yaml"])
      expect(text).toContain(`sluicegate-support/${part}`);
    expect(text).toContain("the line that helps");
    expect(text).toContain('"check": "nats.publish_ack"');
    expect(text).toContain("gateway_forward_records_sent_total");
  });

  it("is had of a dead box, also with a configuration that is none", async () => {
    const folder = await openFolder();
    await writeFile(
      join(folder, "sluicegate.yaml"),
      `gateway: { id: gw1 }\nsources:\n  - { kind: mqtt-client, url: "mqtt://u:${canaries.inUrl}@h", password: ${canaries.inline}, user: ${canaries.userName}, topics: ["a/#"] }\nbroken: [\n`,
    );
    const text = await bundleOf(folder, false);
    expect(leaks(text)).toEqual([]);
    expect(text).toContain("status.json: not in it: no running process answers");
  });

  it("says what will be in it, and writes nothing without a yes", async () => {
    const cwd = await openFolder();
    const dry = await runCommand(["support-bundle", "--dry-run"], { cwd });
    expect(dry).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ {2}journal\.txt +the last/m),
    });
    const unasked = await runCommand(["support-bundle"], { cwd });
    expect(unasked).toMatchObject({ status: 2, stderr: expect.stringContaining("--yes") });
    expect(await readdir(cwd)).toEqual([]);
  });
});

it("tar unpacks an archive as it was packed", async () => {
  const folder = await openFolder();
  const entries = [
    { name: "a/empty.txt", text: "" },
    { name: "a/block.txt", text: "x".repeat(512) },
    { name: "a/long.txt", text: "ü".repeat(5_000) },
  ];
  const archive = join(folder, "a.tar.gz");
  await writeFile(archive, tarGz(entries, 1_700_000_000_000));
  execFileSync("tar", ["-xzf", archive, "-C", folder]);
  for (const { name, text } of entries)
    expect(await readFile(join(folder, name), "utf8")).toBe(text);
});
