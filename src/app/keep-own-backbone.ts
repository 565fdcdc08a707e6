import { join } from "node:path";
import { nodeDisk } from "../buffer/disk.ts";
import { lockFolder } from "../buffer/lock.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { openParts } from "../core/open-parts.ts";
import { type KeptNatsServer, keepNatsServer } from "../nats-server/kept-nats-server.ts";
import { createLogger } from "../telemetry/logger.ts";
import { makeDataFolder } from "./make-data-folder.ts";
import { newRun } from "./new-run.ts";
import { systemClock } from "./system-clock.ts";

/**
 * The backbone of a site that names none: a nats-server of its own, whose streams lie in the data
 * folder and are locked against a second owner until it is stopped. Throws `buffer.locked` while
 * another process has them, and `nats.unavailable` when the server does not start.
 */
export async function keepOwnBackbone(site: LoadedSite): Promise<KeptNatsServer> {
  const folder = join(await makeDataFolder(site), "nats");
  const journal = createLogger({
    level: site.config.log.level,
    destination: process.stderr,
    clock: systemClock,
  });
  await nodeDisk.makeFolder(folder);
  const { parts, stop } = await openParts(async (atEnd) => {
    const lock = await lockFolder(folder, `${process.pid}-${newRun()}`);
    atEnd(() => lock.release());
    const server = await keepNatsServer({
      folder,
      clock: systemClock,
      random: Math.random,
      logger: journal.child("nats"),
    });
    atEnd(() => server.stop());
    return server;
  });
  return { ...parts, stop };
}
