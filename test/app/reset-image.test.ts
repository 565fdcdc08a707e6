/** What a reset leaves on the medium: all of a volume is searched afterwards. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { planReset } from "../../src/app/reset/plan-reset.ts";
import { resetSite } from "../../src/app/reset/reset-site.ts";
import { readSitePlace } from "../../src/config/site/read-site-place.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import { onSmallVolume } from "../faults/small-volume.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Needs root, and a system that mounts files; elsewhere it is not run. */
const mayMount = await onSmallVolume(
  "ext4",
  await mkdtemp(join(tmpdir(), "mount-")),
  async () => true,
).catch(() => false);
const canary = "CANARY-4711";

test.skipIf(!mayMount)(
  "a reset leaves no word on the volume, not even of files of before",
  async () => {
    const folder = await tempFolder();
    await onSmallVolume("ext4", folder, async (volume) => {
      const config = join(volume.folder, "sluicegate.yaml");
      await writeFile(
        config,
        "gateway: { id: gw1 }\nsite: plant-a\nbuffer: { encryption: { key: { file: buffer.key } } }\n",
      );
      await writeFile(join(volume.folder, "buffer.key"), `${canary}-key\n`);
      await mkdir(join(volume.folder, "data/log/quarantine"), { recursive: true });
      for (let n = 0; n < 40; n += 1) {
        const path = join(volume.folder, "data/log", `${n % 3}.seg`);
        await unlink(path).catch(() => {});
        await writeFile(path, `${canary} ${n} `.repeat(5_000), { flush: true });
      }
      await writeFile(join(volume.folder, "data/log/quarantine/x.bytes"), canary, { flush: true });
      const place = await readSitePlace(config, machineFiles({}));
      expect(await resetSite(place, await planReset(place), { freeSpace: true })).toEqual([]);
    });
    const { stdout } = await promisify(execFile)("sh", [
      "-c",
      `grep -a -c "${canary}" "${join(folder, "volume.img")}" || true`,
    ]);
    expect(stdout.trim()).toBe("0");
    expect((await readFile(join(folder, "volume.img"))).length).toBeGreaterThan(2 ** 20);
  },
);
