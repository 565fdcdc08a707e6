import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { reloading } from "../../src/app/reload-site.ts";
import type { Role } from "../../src/app/role.ts";
import { loadSite } from "../../src/config/site/load-site.ts";
import { siteAgain } from "../../src/config/site/site-again.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import { noAudit } from "../../src/core/audit.ts";
import { silentLogger } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** A site that counts how often its files are read, with one role. */
async function openReload(role: Role) {
  const path = join(await tempFolder(), "sluicegate.yaml");
  await writeFile(path, "gateway: { id: gw1 }\n");
  const files = machineFiles({});
  const loaded = await loadSite(path, files);
  if (!loaded.ok) throw new Error("the site is wrong");
  const { site } = loaded;
  const again = siteAgain(path, files);
  const counted = { readings: 0 };
  const load: typeof again.load = () => {
    counted.readings += 1;
    return again.load();
  };
  const deps = {
    site,
    again: { ...again, load },
    audit: noAudit,
    roles: () => [role],
    logger: silentLogger,
  };
  return { counted, deps, path, reload: reloading(deps) };
}

const quiet: Role = { status: () => ({}), stop: async () => {} };

test("a storm of reloads reads the files once for those who came before, and once for the rest", async () => {
  const { counted, reload } = await openReload(quiet);
  const first = reload();
  await Promise.resolve();
  const outcomes = await Promise.all([first, ...Array.from({ length: 500 }, () => reload())]);
  expect(outcomes).toHaveLength(501);
  expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(["reloaded"]));
  expect(counted.readings).toBe(2);
});

test("files of two versions are not taken by what runs, until the change is over", async () => {
  const { path, reload } = await openReload(quiet);
  const mark = join(dirname(path), ".fleet/changing");
  await mkdir(dirname(mark));
  await writeFile(mark, "back");
  expect(await reload()).toMatchObject({
    outcome: "refused",
    faults: expect.stringContaining("back to the version before was cut off, or goes on now"),
  });
  await rm(mark);
  expect(await reload()).toMatchObject({ outcome: "reloaded" });
});

test("a reload that a role cannot take is no obstacle to the next", async () => {
  let fails = true;
  const role: Role = {
    ...quiet,
    reload() {
      if (fails) throw new Error("not now");
    },
  };
  const { reload } = await openReload(role);
  await expect(reload()).rejects.toThrow("not now");
  fails = false;
  expect(await reload()).toMatchObject({ outcome: "reloaded" });
});

test("a reload by a process whose program was replaced says to start it again", async () => {
  const { deps } = await openReload(quiet);
  const gone = new URL("file:///nowhere/read-rules.js").href;
  const reload = reloading({ ...deps, again: { ...deps.again, load: () => import(gone) } });
  expect(await reload()).toEqual({
    outcome: "refused",
    faults:
      "the program was replaced since this process began: start it again (ERR_MODULE_NOT_FOUND)\n",
  });
});
