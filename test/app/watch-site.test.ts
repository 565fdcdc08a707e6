import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { watchSite } from "../../src/app/watch-site.ts";
import { loadSite } from "../../src/config/site/load-site.ts";
import { siteAgain } from "../../src/config/site/site-again.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

test("a change of the configuration, of an own profile or of a rule file is seen once, and nothing else is", async () => {
  const folder = await tempFolder();
  const path = join(folder, "sluicegate.yaml");
  await writeFile(path, "gateway: { id: gw1 }\nprofiles: { folders: [own, gone] }\n");
  await mkdir(join(folder, "own/acme"), { recursive: true });
  await mkdir(join(folder, "gone"));
  const files = machineFiles({});
  const loaded = await loadSite(path, files);
  if (!loaded.ok) throw new Error("the site is wrong");
  const clock = new ManualClock();
  let looks = 0;
  const again = siteAgain(path, files);
  const counting: typeof again = {
    path,
    load: again.load,
    async print(site) {
      const print = await again.print(site);
      looks += 1;
      return print;
    },
  };
  let changes = 0;
  const watch = watchSite(loaded.site, counting, clock, async () => {
    changes += 1;
  });
  const look = async (): Promise<number> => {
    const before = looks;
    await waitUntil(async () => {
      await clock.advance(5_000);
      // One may have begun before, and be slow.
      return looks > before + 1;
    }, "a look that begins now");
    return changes;
  };
  await look();
  expect(await look()).toBe(0);
  await writeFile(join(folder, "own/acme/probe.yaml"), "profile: acme/probe\n");
  await look();
  expect(await look()).toBe(1);
  await writeFile(path, "gateway: { id: gw1 }\nprofiles: { folders: [own] }\n");
  await writeFile(join(folder, "elsewhere.yaml"), "a: 1\n");
  await look();
  expect(await look()).toBe(2);
  await mkdir(join(folder, "rules"));
  await writeFile(join(folder, "rules/cold.yaml"), "version: 1\n");
  await look();
  expect(await look()).toBe(3);
  await mkdir(join(folder, ".fleet"));
  await writeFile(join(folder, ".fleet/changing"), "7");
  await look();
  await rm(join(folder, ".fleet/changing"));
  await look();
  expect(await look()).toBe(5);
  watch.stop();
  await clock.advance(60_000);
  expect(changes).toBe(5);
});
