import { generateKeyPairSync } from "node:crypto";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { applyBundle } from "../../../src/app/fleet/apply-bundle.ts";
import { signBundle } from "../../../src/app/fleet/bundle.ts";
import { FleetState } from "../../../src/app/fleet/fleet-state.ts";
import { readShipped } from "../../../src/config/site/load-site.ts";
import { machineFiles, type SiteFiles } from "../../../src/config/site/site-files.ts";
import { SiteReading } from "../../../src/config/site/site-reading.ts";
import { tempFolder } from "../../support/temp-folder.ts";

let files: SiteFiles;
beforeAll(async () => {
  const machine = machineFiles(process.env);
  files = { ...machine, shipped: await readShipped(machine, new SiteReading(machine)) };
});

function keys() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}
const own = keys();

function bundleOf(
  version: number,
  changes: { gateway?: string; key?: string; config?: string } = {},
) {
  const { config, gateway = "gw-1", key = own.privateKey } = changes;
  const text = config ?? `site: v${version}\ngateway: { id: gw-1 }\n`;
  const files = { "sluicegate.yaml": text, "notes/read.txt": `version ${version}` };
  return signBundle({ gateway, version, files }, key);
}

async function box() {
  const folder = await tempFolder();
  const configPath = join(folder, "sluicegate.yaml");
  await writeFile(configPath, "gateway: { id: gw-1 }\n");
  const apply = (text: string, rollback = false) =>
    applyBundle(text, files, {
      ...{ configPath, publicKey: own.publicKey, gateway: "gw-1", rollback, dryRun: false },
    });
  const seen = async () =>
    Promise.all(
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map(async ({ name, parentPath }) => [
          name,
          await readFile(join(parentPath, name), "utf8"),
        ]),
    );
  return { apply, configPath, folder, seen };
}

it("a bundle that was changed, cut, signed by another, for another, or of before, is refused and changes nothing", async () => {
  const { apply, seen } = await box();
  await apply(bundleOf(2));
  const before = await seen();
  const text = bundleOf(3);
  for (const [bundle, why] of [
    [text.replace("site: v3", "site: vX"), /signature does not fit/],
    [text.slice(0, -9), /signature does not fit/],
    [text.slice(40), /it is no bundle/],
    [bundleOf(3, { key: keys().privateKey }), /signature does not fit/],
    [bundleOf(3, { gateway: "gw-2" }), /it is for the gateway gw-2, and this is gw-1/],
    [bundleOf(1), /version 2 is in place; add --rollback/],
    [bundleOf(2), /version 2 is in place; add --rollback/],
  ] as const)
    await expect(apply(bundle)).rejects.toThrow(why);
  expect(await seen()).toEqual(before);
  expect((await apply(bundleOf(1), true)).changed.length).toBe(2);
});

it("no single bit of a bundle can be another", async () => {
  const { apply } = await box();
  const bytes = Buffer.from(bundleOf(1));
  for (let at = 0; at < bytes.length; at += 7) {
    const flipped = Buffer.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 0x01;
    await expect(apply(flipped.toString()), `byte ${at}`).rejects.toThrow(/refused/);
  }
});

it("paths that lead out of the folder, or to what is hidden in it, are refused though they are signed", async () => {
  const { apply } = await box();
  for (const path of [
    "../evil",
    "/etc/evil",
    "a/../../evil",
    ".fleet/state.json",
    "a//b",
    "a\\b",
  ]) {
    const bundle = signBundle(
      { gateway: "gw-1", version: 1, files: { [path]: "x" } },
      own.privateKey,
    );
    await expect(apply(bundle)).rejects.toThrow(/is no path below a folder/);
  }
});

it("files with faults are told, and replace nothing", async () => {
  const { apply, configPath, folder } = await box();
  const config =
    "gateway: { id: gw-1 }\nsources: [{ kind: mqtt-broker, users: { file: none.yaml } }]\n";
  const { changed, faults } = await apply(bundleOf(1, { config }));
  expect([changed, faults.map(({ message }) => message)]).toEqual([
    [],
    [expect.stringContaining("none.yaml")],
  ]);
  expect(await readFile(configPath, "utf8")).toBe("gateway: { id: gw-1 }\n");
  expect(await readdir(folder)).toEqual(["sluicegate.yaml"]);
});

it("a change that a power cut ended is undone by the next look, however far it came", async () => {
  const { apply, configPath, folder, seen } = await box();
  await apply(bundleOf(1));
  const before = (await seen()).filter(([name]) => name !== "former.json");
  await apply(bundleOf(2));
  // As it stands when the power goes before the last step.
  await writeFile(join(folder, ".fleet/changing"), "2");
  await writeFile(configPath, "half of i");
  const state = await FleetState.open(folder);
  expect(state.version).toBe(1);
  expect((await seen()).filter(([name]) => name !== "former.json")).toEqual(before);
  expect((await apply(bundleOf(2))).before).toBe(1);
});

it("a file that is in a bundle no more goes, and is there again after going back", async () => {
  const { apply, folder } = await box();
  await apply(bundleOf(1));
  const lean = signBundle(
    { gateway: "gw-1", version: 2, files: { "sluicegate.yaml": "gateway: { id: gw-1 }\n" } },
    own.privateKey,
  );
  await apply(lean);
  expect(await readdir(join(folder, "notes"))).toEqual([]);
  await (await FleetState.open(folder)).goBack();
  expect(await readFile(join(folder, "notes/read.txt"), "utf8")).toBe("version 1");
});

it("a change that the disk does not take to its end is taken back at once", async () => {
  const { apply, configPath, folder, seen } = await box();
  await apply(bundleOf(1));
  const before = (await seen()).filter(([name]) => name !== "former.json");
  // The last file cannot be written.
  await symlink(join(folder, "nowhere"), join(folder, "z"));
  const config = "gateway: { id: gw-1 }\n";
  const files = { "notes/read.txt": "2", "sluicegate.yaml": config, "z/last.txt": "x" };
  const bundle = signBundle({ gateway: "gw-1", version: 2, files }, own.privateKey);
  await expect(apply(bundle)).rejects.toThrow(/cannot write .*last\.txt/);
  expect(await readFile(join(folder, "notes/read.txt"), "utf8")).toBe("version 1");
  expect(await readFile(configPath, "utf8")).toContain("v1");
  expect((await seen()).filter(([name]) => !/former|changing/.test(name ?? ""))).toEqual(before);
});

it("a link on the way of a file, or a list of former files that somebody else wrote, leads nowhere else", async () => {
  const { apply, folder } = await box();
  const elsewhere = await tempFolder();
  await writeFile(join(elsewhere, "secret"), "of somebody else");
  await symlink(elsewhere, join(folder, "rules"));
  const bundle = (path: string) =>
    signBundle({ gateway: "gw-1", version: 1, files: { [path]: "x" } }, own.privateKey);
  await expect(apply(bundle("rules/secret"))).rejects.toThrow(/leads out of/);
  await symlink(join(elsewhere, "secret"), join(folder, "note"));
  await expect(apply(bundle("note"))).rejects.toThrow(/note is a link/);
  await mkdir(join(folder, ".fleet"));
  const former = { files: { [join(elsewhere, "secret")]: "taken" } };
  await writeFile(join(folder, ".fleet/former.json"), JSON.stringify(former));
  await writeFile(join(folder, ".fleet/changing"), "1");
  await expect(FleetState.open(folder)).rejects.toThrow(/leads out of/);
  await rm(join(folder, ".fleet"), { recursive: true });
  await symlink(elsewhere, join(folder, ".fleet"));
  await expect(apply(bundle("other"))).rejects.toThrow(/\.fleet is a link/);
  expect(await readdir(elsewhere)).toEqual(["secret"]);
  expect(await readFile(join(elsewhere, "secret"), "utf8")).toBe("of somebody else");
});
