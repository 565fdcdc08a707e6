import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";
import { natsServer } from "../support/nats-server.ts";

const permissions = ["nats-permissions", "plant-a/gw1", "plant-a/gw2"];

test("permissions are printed and seeds written for the owner only; another call changes nobody's key", async () => {
  const cwd = await openFolder();
  const first = await runCommand(permissions, { cwd });
  expect(first.status).toBe(0);
  const names = await readdir(join(cwd, "nats-seeds"));
  expect(names).toContain("gateway-gw1.nk");
  expect(names).toContain("administrator.nk");
  for (const name of names) {
    const file = join(cwd, "nats-seeds", name);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const seed = (await readFile(file, "utf8")).trim();
    expect(seed).toMatch(/^SU[A-Z2-7]{56}$/);
    expect(first.stdout + first.stderr).not.toContain(seed);
  }
  expect(await runCommand(permissions, { cwd })).toEqual({ ...first, stderr: "" });

  await rm(join(cwd, "nats-seeds/gateway-gw1.nk"));
  const { stdout } = await runCommand(permissions, { cwd });
  const keysOf = (text: string): readonly string[] => text.match(/U[A-Z2-7]{55}/g) ?? [];
  const kept = keysOf(first.stdout).filter((key) => keysOf(stdout).includes(key));
  expect(kept).toHaveLength(names.length - 1);
});

test("a name that no gateway can have gets no seed", async () => {
  const cwd = await openFolder();
  for (const name of ["a/b\nc", "a\u001b[2J/b", "a/b/c", "a/"]) {
    const { status, stderr } = await runCommand(["nats-permissions", name], { cwd });
    expect([status, stderr]).toEqual([2, expect.stringMatching(/names no gateway|cannot be/)]);
  }
  expect(await readdir(cwd)).not.toContain("nats-seeds");
});

test("a gateway whose seed is elsewhere is named with its public key, and claims say the same rights", async () => {
  const cwd = await openFolder();
  const key = "UDRUJH5XUBWMUR4H5GNGAOBF3IV5EDJLAMCCHKQRGAPDKVCHRKUBYXAU";
  const args = ["nats-permissions", `plant-a/gw1=${key}`, "--form", "claims"];
  const { status, stdout } = await runCommand(args, { cwd });
  expect(status).toBe(0);
  expect(await readdir(join(cwd, "nats-seeds"))).not.toContain("gateway-gw1.nk");
  const { accounts, schema, users } = JSON.parse(stdout);
  expect(schema).toBe("sluicegate.nats-claims/1");
  expect(users[0]).toMatchObject({
    ...{ name: "gateway-gw1", sub: key, account: "GW_gw1" },
    nats: { type: "user", pub: { allow: expect.arrayContaining(["ev.plant-a.gw1.>"]) } },
  });
  expect(accounts[0].imports).toContainEqual({
    ...{ type: "stream", subject: "cmd.plant-a.gw1.>", from: "SLUICEGATE" },
  });

  for (const wrong of ["gw1", "a/b/c", "plant-a/gw1=UX", "/x"])
    expect((await runCommand(["nats-permissions", wrong], { cwd })).status).toBe(2);
  expect((await runCommand([...permissions, "plant-b/gw1"], { cwd })).stderr).toContain("twice");
});

test("a backbone is prepared once, and says what is there the next time", async () => {
  const cwd = await openFolder();
  const { url } = await natsServer();
  const prepare = ["backbone", "prepare", "plant-a/gw1", "--nats", url, "-o", "json"];
  await runCommand(["init", "--yes"], { cwd });
  const states = async (...more: string[]): Promise<Record<string, string>> => {
    const { stderr, stdout } = await runCommand([...prepare, ...more], { cwd });
    expect(stderr).toContain("backbone.retention.max_bytes");
    const { parts, schema } = JSON.parse(stdout);
    expect(schema).toBe("sluicegate.backbone-prepare/1");
    return Object.fromEntries(
      parts.map(({ name, state }: { name: string; state: string }) => [name, state]),
    );
  };
  const would = await states("--dry-run");
  expect(would).toMatchObject({ ALERTS: "made", GW_gw1: "made", CMD_gw1: "made" });
  expect(await states()).toEqual(would);
  expect(new Set(Object.values(await states()))).toEqual(new Set(["there"]));
});
