import { link, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HeldFolder } from "../../src/app/reset/held-folder.ts";
import { planReset } from "../../src/app/reset/plan-reset.ts";
import { resetSite } from "../../src/app/reset/reset-site.ts";
import { wipeFile } from "../../src/app/reset/wipe-file.ts";
import { wipeFolder } from "../../src/app/reset/wipe-folder.ts";
import { readSitePlace } from "../../src/config/site/read-site-place.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const theirs = "of somebody else";

async function folders() {
  const folder = await tempFolder();
  const [data, elsewhere] = [join(folder, "data"), join(folder, "elsewhere")];
  await mkdir(join(data, "log"), { recursive: true });
  await mkdir(elsewhere);
  await writeFile(join(data, "log/0.seg"), "ours");
  await writeFile(join(elsewhere, "0.seg"), theirs);
  return { folder, data, elsewhere };
}

async function isUntouched(elsewhere: string): Promise<void> {
  expect(await readdir(elsewhere)).toEqual(["0.seg"]);
  expect(await readFile(join(elsewhere, "0.seg"), "utf8")).toBe(theirs);
}

async function held(path: string): Promise<HeldFolder> {
  const folder = await HeldFolder.open(path);
  onTestFinished(() => folder.close());
  return folder;
}

async function siteAt(folder: string) {
  const config = join(folder, "sluicegate.yaml");
  await writeFile(
    config,
    "gateway: { id: gw1 }\nbuffer: { encryption: { key: { file: buffer.key } } }\n",
  );
  await writeFile(join(folder, "buffer.key"), "ours");
  return readSitePlace(config, machineFiles({}));
}

test("a link in the place of a file leads to nothing else being wiped, and goes itself", async () => {
  const { data, elsewhere } = await folders();
  await symlink(join(elsewhere, "0.seg"), join(data, "1.seg"));
  await wipeFile(await held(data), "1.seg");
  expect(await readdir(data)).toEqual(["log"]);
  await isUntouched(elsewhere);
});

test("a folder that is moved away and a link put in its place is wiped where it is now", async () => {
  const { data, elsewhere, folder } = await folders();
  const log = await (await held(data)).hold("log");
  onTestFinished(() => log.close());
  await rename(join(data, "log"), join(folder, "moved"));
  await symlink(elsewhere, join(data, "log"));
  await wipeFolder(log, { isKept: () => false, failed: () => {} });
  expect(await readdir(join(folder, "moved"))).toEqual([]);
  await isUntouched(elsewhere);
});

test("what is exchanged between the plan and the reset is left, and told", async () => {
  const { data, elsewhere, folder } = await folders();
  const place = await siteAt(folder);
  const plan = await planReset(place);
  await rename(data, join(folder, "moved"));
  await symlink(elsewhere, data);
  await rename(join(folder, "buffer.key"), join(folder, "key-moved"));
  await writeFile(join(folder, "buffer.key"), theirs);
  expect(await resetSite(place, plan)).toEqual([
    expect.stringMatching(/data: somebody put another in its place/),
    expect.stringMatching(/buffer\.key: somebody put another in its place/),
  ]);
  await isUntouched(elsewhere);
  expect(await readFile(join(folder, "buffer.key"), "utf8")).toBe(theirs);
});

test("whoever exchanges folders for links all the time leads a reset nowhere else", async () => {
  const { data, elsewhere, folder } = await folders();
  for (let n = 0; n < 200; n += 1) await writeFile(join(data, "log", `${n}.seg`), "ours");
  const place = await siteAt(folder);
  const plan = await planReset(place);
  let isOver = false;
  let swaps = 0;
  const swap = async (): Promise<void> => {
    while (!isOver) {
      await rename(join(data, "log"), join(folder, "aside")).catch(() => {});
      await symlink(elsewhere, join(data, "log")).catch(() => {});
      await rm(join(data, "log")).catch(() => {});
      await rename(join(folder, "aside"), join(data, "log")).catch(() => {});
      swaps += 1;
    }
  };
  const swapping = swap();
  await resetSite(place, plan);
  isOver = true;
  await swapping;
  expect(swaps).toBeGreaterThan(0);
  await isUntouched(elsewhere);
});

test("a file that has another name elsewhere is not written over, and that is told", async () => {
  const { data, elsewhere } = await folders();
  await link(join(elsewhere, "0.seg"), join(data, "1.seg"));
  const failed: string[] = [];
  await wipeFolder(await held(data), {
    isKept: () => false,
    failed: (path, thrown) => failed.push(`${path}: ${thrown}`),
  });
  expect(failed).toEqual([expect.stringMatching(/^1\.seg: .*another name elsewhere/)]);
  expect(await readdir(data)).toEqual([]);
  await isUntouched(elsewhere);
});
