import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { GatewayBook, readBook } from "../../src/gateway/gateway-book.ts";
import { markOf } from "../../src/gateway/told-alike.ts";
import type { KnownDevice } from "../../src/normalize/known-device.ts";
import { givenProfile } from "../normalize/given.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";

const profile = givenProfile();
const plug: KnownDevice = {
  id: toDeviceId("plug"),
  word: undefined,
  profile,
  configured: undefined,
};
const press: KnownDevice = { ...plug, id: toDeviceId("press") };

describe("the book of a gateway", () => {
  it("knows after a restart which devices were met and how much was given up", async () => {
    const folder = await tempFolder();
    const met: KnownDevice[] = [];
    let dropped = 0;
    const book = new GatewayBook({
      disk: nodeDisk,
      folder,
      clock: new ManualClock(),
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      revision: () => met.length,
      devices: () => met,
      isFormer: (device) => device === "press",
      probes: () => [{ device: plug.id, metrics: [{ name: "t_A", unit: "Cel" }, { name: "n_A" }] }],
      dropped: () => dropped,
    });
    book.start();
    met.push(plug, press);
    dropped = 7;
    await book.stop();
    expect(await readBook(nodeDisk, folder)).toEqual({
      droppedBefore: 7,
      probes: [{ device: "plug", metrics: [{ name: "t_A", unit: "Cel" }, { name: "n_A" }] }],
      pages: [
        { profile: profile.name, naming: "acme-{device}", mark: markOf(plug), devices: ["plug"] },
        { profile: profile.name, naming: "", mark: markOf(plug), devices: ["press"] },
      ],
    });
  });

  it.each(["", "{", "[]", '{"pages":[5,{"profile":1}],"probes":[5,{"device":""}],"dropped":"x"}'])(
    "begins anew where it says %j",
    async (text) => {
      const folder = await tempFolder();
      await writeFile(join(folder, "book.json"), text);
      expect(await readBook(nodeDisk, folder)).toEqual({ pages: [], probes: [], droppedBefore: 0 });
    },
  );

  it("takes the devices of one that does not say how they were named for named in another way", async () => {
    const folder = await tempFolder();
    const page = { profile: "acme/probe", mark: "0123456789abcdef", devices: ["plug"] };
    await writeFile(join(folder, "book.json"), JSON.stringify({ dropped: 0, pages: [page] }));
    expect(await readBook(nodeDisk, folder)).toEqual({
      droppedBefore: 0,
      probes: [],
      pages: [{ ...page, naming: "" }],
    });
  });
});
