/** A file of open deliveries whose size no medium has: a damaged inode names any number. */
import { mkdir, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import { openDeliveries } from "../../../src/sources/mqtt-broker/deliveries.ts";
import { formatEntries } from "../../../src/sources/mqtt-broker/delivery-entry.ts";
import { changedFiles } from "../../support/changed-files.ts";
import { session } from "../../support/delivery-machine.ts";
import { silentLogger } from "../../support/silence.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { openTestLog, place } from "../../support/test-log.ts";

const gib = 2 ** 30;

test("is read as far as one grows, gives what it begins with, and is written anew", async () => {
  const folder = join(await tempFolder(), "qos2");
  const table = join(folder, "table");
  await mkdir(folder);
  const delivery = { session, packetId: 1, hash: 11 };
  const entries = formatEntries([
    { kind: "covered", seq: 0, version: 1 },
    { kind: "open", delivery },
    { kind: "answered", seq: 0 },
  ]);
  await writeFile(table, entries);
  await truncate(table, 5 * gib);
  let readBytes = 0;
  const disk = changedFiles(nodeDisk, (file) => ({
    ...file,
    async read(target, position) {
      readBytes += target.length;
      return file.read(target, position);
    },
  }));
  const { clock, disk: logDisk } = place();
  const log = await openTestLog({ clock, disk: logDisk }, "a");
  const deliveries = await openDeliveries({ folder, disk, log, clock, logger: silentLogger });
  expect(deliveries.session(session, true).find(1, 11)).toMatchObject(delivery);
  expect(readBytes).toBeLessThan(gib / 32);
  expect((await stat(table)).size).toBe(entries.length);
  await deliveries.close();
  await log.close();
});
