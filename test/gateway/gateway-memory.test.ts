import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { readMemory, recallGateway, writeMemory } from "../../src/gateway/gateway-memory.ts";
import { silentLogger } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";

const [mast, gone] = [toDeviceId("mast"), toDeviceId("gone")];

describe("the memory of a gateway", () => {
  it("tells which devices are configured no more, until the next process is settled", async () => {
    const folder = await tempFolder();
    const recall = (...configured: (typeof mast)[]) =>
      recallGateway(nodeDisk, folder, { clockBoot: undefined, configured }, silentLogger);
    expect((await recall(mast, gone)).removed).toEqual([]);
    const first = await recall(mast, gone);
    first.settle();
    await expect.poll(() => readdir(folder)).toEqual(["memory.json"]);
    expect((await recall(mast)).removed).toEqual([gone]);
    const second = await recall(mast);
    expect(second.removed).toEqual([gone]);
    second.settle();
    await expect.poll(async () => (await recall(mast)).removed).toEqual([]);
  });

  it("knows whether the time was known in this boot of the machine", async () => {
    const folder = await tempFolder();
    const recall = (clockBoot: string | undefined) =>
      recallGateway(nodeDisk, folder, { clockBoot, configured: [] }, silentLogger);
    expect((await recall("this boot")).knewTime).toBe(false);
    await writeMemory(nodeDisk, folder, { clockBoot: "another boot", configured: [] });
    expect((await recall("this boot")).knewTime).toBe(false);
    await writeMemory(nodeDisk, folder, { clockBoot: "this boot", configured: [] });
    expect((await recall("this boot")).knewTime).toBe(true);
  });

  it.each([
    ["empty", ""],
    ["cut off", '{"clockBoot":"a","confi'],
    ["of another kind", "null"],
    ["full of others' words", '{"clockBoot":7,"configured":[1,"mast",null]}'],
  ])("is nothing, or what can be read, where its file is %s", async (_, text) => {
    const folder = await tempFolder();
    await writeFile(join(folder, "memory.json"), text);
    const { clockBoot, configured } = await readMemory(nodeDisk, folder);
    expect(clockBoot).toBeUndefined();
    expect(configured).toEqual(text.includes("mast") ? [mast] : []);
  });

  it("is written over what a process left that was killed", async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, "memory.json.new"), "half");
    await writeMemory(nodeDisk, folder, { clockBoot: undefined, configured: [mast] });
    expect((await readMemory(nodeDisk, folder)).configured).toEqual([mast]);
  });
});
