import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished, test } from "vitest";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { openCommands } from "../../src/commands/open-commands.ts";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { openBackbone } from "../../src/stream/backbone.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };

test("a start has little to read behind the ledger, however fast records came", async () => {
  const folder = await tempFolder();
  const clock = new ManualClock();
  const log = new MemoryLog(origin);
  const options = backboneOptions.parse({ servers: ["nats://127.0.0.1:1"] });
  const surroundings = {
    ...{ clock, random: () => 0.5, logger: silentLogger, metrics: silentMetrics },
  };
  const backbone = openBackbone(options, { name: "test", ...surroundings });
  onTestFinished(() => backbone.close());
  const commands = await openCommands({
    ...{ ...surroundings, origin, log, folder, disk: nodeDisk, backbone },
    backboneOptions: options,
    mayTell: () => true,
    time: { nowMs: () => clock.wallMs(), synced: true },
    prepare: () => ({ refused: "nobody has it" }),
    append: () => log.lastSeq,
    untilKnown: async () => {},
    reaches: () => "later",
    write: async () => ({ outcome: "absent", text: "away" }),
  });
  onTestFinished(() => commands.stop());
  const knownTo = async (): Promise<number | undefined> => {
    await clock.advance(250);
    const text = await readFile(join(folder, "commands/ledger.json"), "utf8").catch(() => "{}");
    return JSON.parse(text).logSeq;
  };
  await waitUntil(async () => (await knownTo()) === 0, "the first page is written");
  log.appendMany(20_001, 10);
  await waitUntil(async () => (await knownTo()) === 20_001, "the ledger knows them");
});
