/** The manifests of the hub, as far as they can be looked at without a cluster. */
import { spawnSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { roleNames } from "../../src/app/roles.ts";
import { version } from "../../src/app/version.ts";
import { program } from "../support/gateway-program.ts";
import { natsFiles, natsPrograms, natsSite } from "../support/shipped-nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { yamlDocuments } from "../support/yaml-documents.ts";

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly failureThreshold?: number;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly resources: { readonly requests: object; readonly limits: { readonly memory: string } };
  readonly securityContext: object;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly volumeMounts: readonly { readonly name: string; readonly readOnly?: boolean }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly podManagementPolicy?: string;
    readonly publishNotReadyAddresses?: boolean;
    readonly maxUnavailable?: number;
    readonly selector: { readonly matchLabels: object };
    readonly podSelector?: object;
    readonly volumeClaimTemplates?: readonly object[];
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly automountServiceAccountToken: boolean;
        readonly securityContext: object;
        readonly affinity?: { readonly podAntiAffinity: object };
        readonly containers: readonly Container[];
        readonly volumes: readonly {
          readonly name: string;
          readonly secret?: { readonly defaultMode: number };
        }[];
      };
    };
  };
}

const folder = fileURLToPath(new URL("../../deploy/kubernetes/base", import.meta.url));
const [kustomization] = (await yamlDocuments(join(folder, "kustomization.yaml"))) as {
  resources: string[];
  images: { name: string; newTag: string }[];
}[];
const manifests = (
  await Promise.all(
    (kustomization?.resources ?? []).map((name) => yamlDocuments(join(folder, name))),
  )
).flat() as Manifest[];
const workloads = manifests
  .filter(({ kind }) => ["Deployment", "StatefulSet", "Job"].includes(kind))
  .map((manifest): [string, Manifest] => [manifest.metadata.name, manifest]);
const named = (kind: string, name: string): Manifest =>
  manifests.find((one) => one.kind === kind && one.metadata.name === name) ?? expect.fail(name);

it("every file is part of it, every role has its place, and the image is of this version", async () => {
  const files = (await readdir(folder)).filter((name) => /(?<!kustomization)\.yaml$/.test(name));
  expect([...(kustomization?.resources ?? [])].sort()).toEqual(files.sort());
  expect(workloads.map(([name]) => name).sort()).toEqual(
    ["nats", "prepare", ...roleNames.filter((name) => name !== "gateway")].sort(),
  );
  expect(kustomization?.images).toEqual([{ name: "sluicegate", newTag: version }]);
});

describe.each(workloads)("the pods of %s", (name, { kind, spec }) => {
  const pod = spec.template.spec;
  const [container] = pod.containers;
  if (!container) throw new Error(`${name} has no container`);

  it("have no more rights than they need", () => {
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      ...{ runAsNonRoot: true, runAsUser: expect.any(Number), fsGroup: expect.any(Number) },
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(container.securityContext).toEqual({
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ["ALL"] },
    });
    for (const { secret } of pod.volumes) if (secret) expect(secret.defaultMode).toBe(0o440);
    const mounted = container.volumeMounts.map((mount) => mount.name);
    expect(
      pod.volumes.map((volume) => volume.name).filter((one) => !mounted.includes(one)),
    ).toEqual([]);
    expect(JSON.stringify(pod)).not.toMatch(
      /hostPath|hostNetwork|privileged|"value":"[^"]*(pass|token)/i,
    );
  });

  it("are of a version, and say what they need", () => {
    if (container.image !== "sluicegate") expect(container.image).toMatch(/:\d+\.\d+(-alpine)?$/);
    expect(container.resources).toMatchObject({
      ...{ requests: { cpu: expect.any(String), memory: expect.any(String) } },
      limits: { memory: expect.any(String) },
    });
    expect(spec.template.metadata.labels).toMatchObject(spec.selector?.matchLabels ?? {});
  });

  it.runIf(kind !== "Job")("start anew when they are dead, and not when something else is", () => {
    const { livenessProbe, readinessProbe, startupProbe } = container;
    const isNats = name === "nats";
    expect(livenessProbe?.httpGet.path).toBe(isNats ? "/healthz?js-enabled-only=true" : "/livez");
    expect(readinessProbe?.httpGet.path).toBe(isNats ? "/healthz?js-server-only=true" : "/readyz");
    // Streams and buffers are read for minutes after a hard end.
    expect(startupProbe?.failureThreshold).toBeGreaterThanOrEqual(60);
    if (!isNats) expect(container.args).toEqual(["run", name]);
    expect(named("PodDisruptionBudget", name).spec).toMatchObject({
      ...{ maxUnavailable: 1, selector: spec.selector },
    });
  });
});

it("three nats-servers find each other before they are ready, on three machines, with volumes that stay", () => {
  const { spec } = named("StatefulSet", "nats");
  expect(spec).toMatchObject({
    ...{ replicas: 3, podManagementPolicy: "Parallel" },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
  });
  expect(spec.volumeClaimTemplates).toHaveLength(1);
  expect(spec.template.spec.affinity?.podAntiAffinity).toHaveProperty(
    "requiredDuringSchedulingIgnoredDuringExecution",
  );
  expect(named("Service", "nats").spec.publishNotReadyAddresses).toBe(true);
  expect(named("NetworkPolicy", "nobody").spec.podSelector).toEqual({});
});

it("the configuration of the roles is one that they take", async () => {
  const [natsProgram = ""] = natsPrograms;
  const site = await natsSite(await tempFolder(), natsProgram);
  const path = join(site.folder, "sluicegate.yaml");
  const shipped = await readFile(join(folder, "config/sluicegate.yaml"), "utf8");
  // What is commented out is to be right, too.
  const whole = shipped.replace(/^# (?=historian:| )/gm, "");
  expect(whole).toMatch(/^historian:\n {2}url:/m);
  await writeFile(
    path,
    whole
      .replaceAll("/run/secrets/tls/tls", join(site.tls, "server"))
      .replaceAll("/run/secrets/people", site.folder),
  );
  const somebody = [program, "console-users", "add", "ana", "--role", "admin", "--config", path];
  spawnSync(process.execPath, somebody, { input: "a password of ana" });
  const said = spawnSync(process.execPath, [program, "validate", path], {
    encoding: "utf8",
  });
  expect(said.status, said.stdout + said.stderr).toBe(0);
});

describe.each(natsPrograms)("%s", (natsProgram) => {
  it("takes the configuration of the pods, which is that of a cluster elsewhere", async () => {
    const site = await natsSite(await tempFolder(), natsProgram);
    const text = await readFile(join(folder, "config/nats.conf"), "utf8");
    const path = join(site.folder, "nats.conf");
    const isOld = spawnSync(natsProgram, ["-v"], { encoding: "utf8" }).stdout.includes("v2.9.");
    await writeFile(
      path,
      text
        .replaceAll("/etc/nats/tls/tls", join(site.tls, "server"))
        .replaceAll("/etc/nats/tls", site.tls)
        .replace("users/users.conf", "users.conf")
        .replace(isOld ? /^ *sync_interval.*$/m : "", ""),
    );
    const env = { ...process.env, SERVER_NAME: "nats-0" };
    const said = spawnSync(natsProgram, ["-t", "-c", path], { encoding: "utf8", env });
    expect(said.status, said.stderr).toBe(0);
    const elsewhere = await readFile(join(natsFiles, "cluster.conf"), "utf8");
    for (const line of ["verify: true", "domain: hub", "lame_duck_duration: 30s"]) {
      expect(text).toContain(line);
      expect(elsewhere).toContain(line);
    }
  });
});

it("the README makes the files of people with a configuration that validates", async () => {
  const readme = await readFile(
    new URL("../../deploy/kubernetes/README.md", import.meta.url),
    "utf8",
  );
  const lines = readme.split("\n").filter((line) => line.includes("people.yaml"));
  const cwd = await tempFolder();
  const script = [`sluicegate() { "${process.execPath}" "${program}" "$@"; }`, "set -e", ...lines];
  script.push("sluicegate validate --strict people.yaml");
  const { status, stderr, stdout } = spawnSync("bash", ["-c", script.join("\n")], {
    cwd,
    encoding: "utf8",
    input: "a long password\n",
  });
  expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
  expect((await readdir(cwd)).sort()).toEqual(
    expect.arrayContaining(["console-tokens", "console-users", "metrics.token", "people.yaml"]),
  );
});
