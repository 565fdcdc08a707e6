import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";

/** As a template names a variable. */
function filled(name: string): string {
  return "$".concat("{", name, "}");
}

const template = [
  "# what all have in common",
  `site: ${filled("site")}`,
  "sources:",
  '  - { kind: mqtt-broker, listen: "127.0.0.1:1883" }',
  "buffer:",
  "  max_bytes: 512MiB",
  `  min_free: ${filled("min_free")}`,
  "backbone:",
  `  servers: ["${filled("hub")}"]`,
  "rules: { files: [rules/*.yaml] }",
  "",
].join("\n");

const rule = `version: 1
groups:
  - name: cold
    rules:
      - alert: FreezerWarm
        select: { metric: temperature }
        condition: { threshold: { above: -10 } }
        severity: warning
`;

interface FleetFile {
  version: number;
  template: string;
  variables: object;
  files: string[];
  gateways: object[];
}

function fleetOf(count: number, version = 1): FleetFile {
  const gateways = Array.from({ length: count }, (_, at) => {
    return { id: `gw-${at + 1}`, site: `plant-${at % 7}`, variables: { min_free: at + 64 } };
  });
  return {
    ...{ version, template: "gateway.yaml", files: ["rules/*.yaml"], gateways },
    variables: { hub: "nats://hub:4222", min_free: "64MiB" },
  };
}

async function fleetFolder(fleet: object): Promise<string> {
  const cwd = await openFolder();
  await writeFile(join(cwd, "gateway.yaml"), template);
  await mkdir(join(cwd, "rules"));
  await writeFile(join(cwd, "rules/cold.yaml"), rule);
  await writeFile(join(cwd, "fleet.yaml"), lines(fleet));
  const keys = ["-algorithm", "ed25519", "-out", "fleet.key"];
  execFileSync("openssl", ["genpkey", ...keys], { cwd });
  execFileSync("openssl", ["pkey", "-in", "fleet.key", "-pubout", "-out", "fleet.pub"], { cwd });
  return cwd;
}

/** A line for each gateway, so that places in it can be told apart. */
function lines({ gateways, ...rest }: Partial<FleetFile>): string {
  const others = Object.entries(rest).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const all = (gateways ?? []).map((gateway) => `  - ${JSON.stringify(gateway)}`);
  return `${[...others, "gateways:", ...all].join("\n")}\n`;
}

async function change(cwd: string, fleet: object): Promise<void> {
  await writeFile(join(cwd, "fleet.yaml"), lines(fleet));
}

describe("a fleet", () => {
  it("of many gateways is validated at once, and rendered the same each time", async () => {
    const cwd = await fleetFolder(fleetOf(40));
    const valid = await runCommand(["fleet", "validate"], { cwd });
    expect(valid).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^40 gateways: 0 errors, 0 warnings/),
    });
    const [one, again] = [
      await runCommand(["fleet", "render", "gw-8"], { cwd }),
      await runCommand(["fleet", "render", "gw-8"], { cwd }),
    ];
    expect(one.stdout).toBe(again.stdout);
    expect(one.stdout).toContain("site: plant-0\n");
    expect(one.stdout).toMatch(/min_free: 71\n/);
    expect(one.stdout).toMatch(/gateway:\n {2}id: gw-8\n/);
  });

  it("tells each fault where it was written: template, override or list, once for all that have it", async () => {
    const fleet = fleetOf(3);
    fleet.gateways = [
      { id: "gw-1", site: "a", overrides: { buffer: { max_bytes: "much" } } },
      { id: "gw-2", site: "a", overrides: { rules: null, buffer: { on_ful: "refuse" } } },
      { id: "gw-1", site: "b" },
    ];
    const cwd = await fleetFolder(fleet);
    await writeFile(
      join(cwd, "gateway.yaml"),
      `${template}log: { levl: info }\nstatus: { socket: "${filled("sokket")}" }\n`,
    );
    const { status, stdout } = await runCommand(["fleet", "validate"], { cwd });
    expect(status).toBe(1);
    const first =
      lines(fleet)
        .split("\n")
        .findIndex((line) => line.startsWith("gateways")) + 2;
    expect(stdout).toMatch(
      new RegExp(`fleet\\.yaml:${first}:\\d+ error\\S+ gw-1: "much" is not a size`),
    );
    expect(stdout).toMatch(
      new RegExp(`fleet\\.yaml:${first + 1}:\\d+ error\\S+ gw-2: unknown field "on_ful"`),
    );
    expect(stdout).toMatch(
      new RegExp(`fleet\\.yaml:${first + 2}:\\d+ error\\S+ "gw-1" is in line ${first} already`),
    );
    expect(stdout).toMatch(
      /gateway\.yaml:11:\d+ error\S+ gw-1: unknown field "levl" \(and 2 more\)/,
    );
    expect(stdout).toMatch(/gateway\.yaml:12:\d+ error\S+ there is no variable "sokket"/);
  });

  it("merges mappings, replaces everything else, and takes away what is null", async () => {
    const fleet = fleetOf(1);
    fleet.gateways = [
      {
        ...{ id: "gw-1", site: "a" },
        overrides: { backbone: { servers: ["nats://b:4222"], replicas: 3 }, rules: null },
      },
    ];
    const cwd = await fleetFolder(fleet);
    const { stdout } = await runCommand(["fleet", "render", "gw-1"], { cwd });
    expect(stdout).toContain("servers:\n    - nats://b:4222\n  replicas: 3\n");
    expect(stdout).not.toContain("rules:");
    expect(stdout).toContain("max_bytes: 512MiB\n");
  });
});

describe("a bundle", () => {
  it("is put in place with its files, and what was there can be had again", async () => {
    const cwd = await fleetFolder(fleetOf(2));
    const box = await openFolder();
    await writeFile(join(box, "fleet.pub"), await readFile(join(cwd, "fleet.pub")));
    await writeFile(join(box, "sluicegate.yaml"), "gateway: { id: gw-1 }\n");
    const config = () => readFile(join(box, "sluicegate.yaml"), "utf8");
    for (const version of [1, 2]) {
      await change(cwd, {
        ...fleetOf(2, version),
        variables: { hub: `nats://hub-${version}`, min_free: 1 },
      });
      const made = await runCommand(["fleet", "bundle", "--key", "fleet.key"], { cwd });
      expect(made.status, made.stderr).toBe(0);
      const bundle = join(cwd, `bundles/gw-1-${version}.bundle`);
      const applied = await runCommand(["fleet", "apply", bundle, "--yes"], { cwd: box });
      expect(applied).toMatchObject({
        status: 0,
        stdout: expect.stringContaining("sluicegate reload"),
      });
      expect(await config()).toContain(`nats://hub-${version}`);
    }
    expect(await readFile(join(box, "rules/cold.yaml"), "utf8")).toBe(rule);
    const refusals = [
      ["gw-1-1", "version 2 is in place; add --rollback"],
      ["gw-2-2", "it is for the gateway gw-2, and this is gw-1"],
    ] as const;
    for (const [name, reason] of refusals) {
      const bundle = join(cwd, `bundles/${name}.bundle`);
      expect(await runCommand(["fleet", "apply", bundle, "--yes"], { cwd: box })).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(reason),
      });
    }
    const back = await runCommand(["fleet", "apply", "--rollback", "--yes"], { cwd: box });
    expect(back).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("version 1 is in place again"),
    });
    expect(await config()).toContain("nats://hub-1");
  });

  it("keeps to its folder, and its files, whatever its gateways are called", async () => {
    const ids = ["..", "a/b", ".hidden", "../../up"];
    const fleet = fleetOf(0);
    const cwd = await fleetFolder({
      ...fleet,
      gateways: ids.map((id) => ({ id, site: "p", variables: { min_free: 64 } })),
    });
    const users = 'sources: [{ kind: mqtt-broker, users: { file: "devices.yaml" } }]\n';
    await writeFile(join(cwd, "devices.yaml"), "[]\n");
    await writeFile(
      join(cwd, "gateway.yaml"),
      template.replace(/sources:[\s\S]*?\n(?=buffer)/, users),
    );
    const rendered = await runCommand(["fleet", "render", "--out", "out/all"], { cwd });
    expect(rendered).toMatchObject({ status: 0, stderr: "" });
    expect(await readdir(join(cwd, "out"))).toEqual(["all"]);
    const names = ["%2E.%2F..%2Fup", "%2E.", "%2Ehidden", "a%2Fb"];
    expect((await readdir(join(cwd, "out/all"))).sort()).toEqual(names.sort());
  });

  it("gives nobody the key that signs, and no file that a text would break", async () => {
    const cwd = await fleetFolder({ ...fleetOf(1), files: ["*"] });
    const bundle = () => runCommand(["fleet", "bundle", "--key", "fleet.key"], { cwd });
    expect(await bundle()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("fleet.key is the private key that signs"),
    });
    await writeFile(join(cwd, "rules/logo.png"), Buffer.from([0x89, 0xff, 0xfe]));
    await change(cwd, { ...fleetOf(1), files: ["rules/*"] });
    expect(await bundle()).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("rules/logo.png is no text"),
    });
    await change(cwd, { ...fleetOf(1), files: ["rules*", "rules/*.yaml"] });
    expect((await bundle()).status).toBe(0);
    const key = ["fleet", "bundle", "--key", "fleet.key", "--out", "gateway.yaml"];
    expect(await runCommand(key, { cwd })).toMatchObject({
      stderr: expect.stringMatching(/cannot write .*\(output\.unwritable\)/),
    });
  });
});
