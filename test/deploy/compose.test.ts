/** The site in containers, as far as it can be looked at without them. */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { unpackedCompose } from "../support/unpacked-compose.ts";
import { yamlDocuments } from "../support/yaml-documents.ts";

interface Service {
  readonly image: string;
  readonly user: string;
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt: readonly string[];
  readonly mem_limit?: string;
  readonly restart: string;
  readonly logging: { readonly options: Readonly<Record<string, string>> };
  readonly healthcheck: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly volumes?: readonly string[];
  readonly secrets?: readonly (string | { readonly source: string })[];
  readonly environment?: Readonly<Record<string, string>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const folder = fileURLToPath(new URL("../../deploy/compose", import.meta.url));
const [compose] = (await yamlDocuments(join(folder, "compose.yaml"))) as [Compose];
const services = Object.entries(compose.services);

describe.each(services)("the container %s", (name, service) => {
  it("has no more rights than it needs", () => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    // The one that gives a new volume to its owner does so as root, with that one right.
    if (name === "nats-volume") expect(service.cap_add).toEqual(["CHOWN"]);
    else {
      expect(service.user).toMatch(/^[1-9]\d*:\d+$/);
      expect(service.cap_add).toBeUndefined();
      expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    }
  });

  it("is of a version, tells whether it answers, and fills no disk with its journal", () => {
    expect(service.image).toMatch(
      /^(\$\{SLUICEGATE_IMAGE:\?.+\}|[a-z/]+:v?\d+(\.\d+)+(-alpine)?)$/,
    );
    expect(service.logging.options).toMatchObject({ "max-size": "10m" });
    const endsByItself = ["prepare", "nats-volume"].includes(name);
    expect(service.healthcheck.disable ?? false).toBe(endsByItself);
    if (service.image.includes("SLUICEGATE_IMAGE") && !endsByItself)
      expect(service.healthcheck.test).toEqual(["CMD", "sluicegate", "status"]);
  });

  it("keeps what it writes in volumes with names, and secrets in files", () => {
    for (const volume of service.volumes ?? []) {
      const [source = ""] = volume.split(":");
      expect(/^\.{1,2}\//.test(source) || Object.hasOwn(compose.volumes, source), volume).toBe(
        true,
      );
      if (source.startsWith(".")) expect(volume).toMatch(/:ro$/);
    }
    for (const secret of service.secrets ?? [])
      expect(compose.secrets).toHaveProperty(typeof secret === "string" ? secret : secret.source);
    for (const [key, value] of Object.entries(service.environment ?? {}))
      if (/PASSWORD|TOKEN|SECRET/.test(key)) expect(value, key).toMatch(/^\/run\/secrets\/\w+$/);
  });
});

it("nothing starts before somebody has filled in what is asked for", async () => {
  const text = await readFile(join(folder, "compose.yaml"), "utf8");
  const variables = [...text.matchAll(/\$\{(\w+)([^}]*)\}/g)];
  expect(variables.length).toBeGreaterThan(3);
  const example = await readFile(join(folder, ".env.example"), "utf8");
  for (const [, name, rest] of variables) {
    expect(rest, name).toMatch(/^:\?.+/);
    expect(example).toMatch(new RegExp(`^${name}=`, "m"));
  }
});

async function secretsIn(here: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const path of await readdir(join(here, "secrets"), { recursive: true })) {
    const file = join(here, "secrets", path);
    if ((await stat(file)).isFile()) texts.set(path, await readFile(file, "utf8"));
  }
  return texts;
}

describe.runIf(process.getuid?.() === 0)("first-secrets.sh", () => {
  it("makes the same with an installed program where there is no docker, and says so", async () => {
    const { here, runWithoutDocker } = await unpackedCompose();
    await writeFile(join(here, ".env"), "SLUICEGATE_IMAGE=sluicegate:test\n");
    expect(runWithoutDocker({ isNamed: false })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("SLUICEGATE_PROGRAM=sluicegate"),
    });
    const { status, stderr } = runWithoutDocker({ isNamed: true });
    expect(status, stderr).toBe(0);
    const secrets = await secretsIn(here);
    for (const { file } of Object.values(compose.secrets))
      expect(secrets.has(file.replace(/^.*secrets\//, "")), file).toBe(true);
    expect(await readFile(join(here, "site/devices.yaml"), "utf8")).toMatch(/user: device/);
  });

  it("makes what the containers read, for each its own, of this site alone, and changes nothing the second time", async () => {
    const { here, run } = await unpackedCompose();
    expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining("no .env") });
    await writeFile(join(here, ".env"), "SLUICEGATE_IMAGE=sluicegate:test\n");
    const said = run("gateway.example", "10.0.0.7");
    expect(said.status, said.stderr).toBe(0);
    for (const [name, { file }] of Object.entries(compose.secrets)) {
      const { mode, uid } = await stat(join(here, file));
      const reader = services.find(([, { secrets = [] }]) =>
        secrets.some((one) => one === name || (typeof one === "object" && one.source === name)),
      );
      expect(reader, `${name} is read by nobody`).toBeDefined();
      if (name === "ca_cert") continue;
      expect([name, mode & 0o777, uid]).toEqual([
        name,
        0o400,
        Number.parseInt(reader?.[1].user ?? "", 10),
      ]);
    }
    const secrets = await secretsIn(here);
    for (const text of ["device_password", "console_password", "grafana_password"].map((name) =>
      secrets.get(name),
    ))
      expect(said.stdout + said.stderr).not.toContain(text);
    expect(run("gateway.example").status).toBe(0);
    expect(await secretsIn(here)).toEqual(secrets);

    const users = await readFile(join(here, "site/devices.yaml"), "utf8");
    expect(users).toMatch(/user: device/);
    expect(users).not.toContain(secrets.get("device_password"));
    expect((await stat(join(here, "site/sluicegate.yaml"))).mode & 0o777).toBe(0o640);

    // No other site has one of them, and none can be guessed.
    const other = await unpackedCompose();
    await writeFile(join(other.here, ".env"), "SLUICEGATE_IMAGE=sluicegate:test\n");
    expect(other.run().status).toBe(0);
    const others = new Set((await secretsIn(other.here)).values());
    for (const [name, text] of secrets) {
      expect(text.length, name).toBeGreaterThanOrEqual(32);
      expect(others.has(text), name).toBe(false);
    }
  });
});
