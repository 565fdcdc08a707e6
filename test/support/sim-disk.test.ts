import { expect, it } from "vitest";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { SimDisk } from "./sim-disk.ts";

it("a crash leaves under a name that was moved over one of the two files, and no third", async () => {
  const left = new Set<string>();
  for (let seed = 0; seed < 300; seed += 1) {
    const disk = new SimDisk({ random: createSeededRandom(`moved ${seed}`) });
    const write = async (path: string, text: string): Promise<void> => {
      const file = await disk.create(path);
      await file.write([Buffer.from(text)], 0);
      await file.sync();
    };
    await write("/log/1.seg", "before");
    await disk.syncFolder("/log");
    // An attempt that was given up, under the name that the next one takes.
    await disk.create("/log/1.seg.new");
    await disk.unlink("/log/1.seg.new");
    await write("/log/1.seg.new", "after");
    await disk.rename("/log/1.seg.new", "/log/1.seg");
    left.add(disk.crash().contentOf("/log/1.seg").toString());
  }
  expect([...left].sort()).toEqual(["after", "before"]);
});
