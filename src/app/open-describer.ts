/** Devices that describe themselves, joined with the catalog and whoever tells the hub of devices. */

import type { LoadedSite } from "../config/site/load-site.ts";
import type { Clock } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { DeviceId, Seq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Source } from "../core/message.ts";
import { conventionsWith } from "../describe/conventions.ts";
import { Describer } from "../describe/describer.ts";
import type { Announcer } from "../gateway/announcer.ts";
import { readerOf } from "../normalize/self-described.ts";
import { Descriptions } from "./descriptions.ts";
import { openSparkplug } from "./open-sparkplug.ts";

export interface DescriberSurroundings {
  readonly site: LoadedSite;
  /** For the files of the data folder. */
  readonly disk: Disk;
  /** Where descriptions are kept. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asked for once devices are told of. */
  readonly announcer: () => Announcer;
  readonly lastSeq: () => Seq;
  /** Those that are open. */
  readonly sources: readonly Source[];
}

/** Knows again what devices said to an earlier process; tells nobody yet. */
export async function openDescriber(surroundings: DescriberSurroundings): Promise<Descriptions> {
  const { announcer, clock, disk, folder, lastSeq, logger, site, sources } = surroundings;
  const isConfigured = (device: DeviceId): boolean => announcer().isConfigured(device);
  const { descriptions, discovery_prefix: prefix } = site.config.profiles;
  const describer = new Describer({
    conventions: descriptions ? conventionsWith(prefix) : [],
    ownTopics: `${prefix}/`,
    disk,
    folder,
    clock,
    logger,
    readerOf: (topic) => readerOf(site.catalog, topic),
    isConfigured,
    described: (device) => announcer().met(device),
    learned: (device, facts) => announcer().learn(device, facts),
    gone: (device) => announcer().withdraw(device),
    lastSeq,
  });
  await describer.recall();
  const sparkplug = descriptions
    ? await openSparkplug({ clock, disk, folder, isConfigured, logger, sources })
    : undefined;
  return new Descriptions(describer, sparkplug);
}
